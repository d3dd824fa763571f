// Networks of environments: apart from each other, attached to by deployments of their own, and not removed from under them.
import { beforeEach, expect, test } from 'vitest';
import type { Service } from '../../../../web/server/engine/objects.ts';
import { NetworkService } from '../../../../web/server/networks/service.ts';
import { type SwarmEngine, swarmEngine } from '../../../fakes/swarm-engine.ts';

const [e1, e2] = ['1'.repeat(16), '2'.repeat(16)];
const actor = { kind: 'person' as const, id: 'p', person: 'p' };
let engine: SwarmEngine;
let attached: string[];
let renewed: string[];
let reason: string | undefined;
let networks: NetworkService;

beforeEach(() => {
  engine = swarmEngine();
  [attached, renewed, reason] = [[], [], undefined];
  const key = (...parts: string[]) => parts.join(' ');
  networks = new NetworkService({
    engine: engine.port,
    table: {
      of: (at, deployment) =>
        attached
          .map((one) => one.split(' '))
          .filter(([a, , d]) => a === at && d === deployment)
          .map(([, n]) => n!),
      on: (at, network) =>
        attached
          .map((one) => one.split(' '))
          .filter(([a, n]) => a === at && n === network)
          .map(([, , d]) => d!),
      attach: (...one) => void attached.push(key(...one)),
      detach: (...one) => {
        attached = attached.filter((other) => other !== key(...one));
      },
    },
    environments: { byId: (id) => ({ archived: id === e2 }) },
    deployments: {
      exists: (at, deployment) => at === e1 && deployment === 'shop',
      renew: (_actor, _at, deployment) => {
        renewed.push(deployment);
        return Promise.resolve(reason);
      },
    },
  });
});

test('one is made with the environment’s name and label, and is its own alone', async () => {
  expect(await networks.create(e1, 'back', true)).toMatchObject({ name: 'back', internal: true, main: false });
  expect(engine.networks[0]).toMatchObject({
    Name: `env-${e1}-back`,
    Internal: true,
    Labels: { odyssey_environment: e1 },
  });
  expect(await networks.create(e1, 'main', true)).toMatchObject({ name: 'main', internal: false, main: true });
  expect((await networks.list(e1)).map(({ name }) => name)).toEqual(['main', 'back']);
  expect(await networks.list(e2)).toEqual([]);
  await expect(networks.create(e1, 'back', true)).rejects.toMatchObject({ kind: 'name-taken' });
  await expect(networks.create(e2, 'x', true)).rejects.toMatchObject({ kind: 'archived' });
});

test('a deployment is attached and detached, and told when it does not run with it', async () => {
  await networks.create(e1, 'back', true);
  await networks.setAttached(actor, e1, 'back', 'shop', true);
  expect([networks.of(e1, 'shop'), renewed]).toEqual([[`env-${e1}-back`], ['shop']]);
  reason = 'unhealthy';
  await expect(networks.setAttached(actor, e1, 'back', 'shop', false)).rejects.toMatchObject({ status: 502 });
  expect(networks.of(e1, 'shop')).toEqual([]);
});

test.each([
  { given: 'a network that is not there', network: 'none', deployment: 'shop', status: 404 },
  { given: 'a deployment of another environment', network: 'back', deployment: 'foreign', status: 404 },
  { given: 'the main one, which everybody is on', network: 'main', deployment: 'shop', status: 409 },
])('$given: $status', async ({ network, deployment, status }) => {
  await networks.create(e1, 'back', true);
  await expect(networks.setAttached(actor, e1, network, deployment, true)).rejects.toMatchObject({ status });
  expect([attached, renewed]).toEqual([[], []]);
});

test('what is attached to stays, also while nothing of it runs', async () => {
  await networks.create(e1, 'back', true);
  await networks.setAttached(actor, e1, 'back', 'shop', true);
  await expect(networks.remove(e1, 'back')).rejects.toMatchObject({ kind: 'in-use' });
  await networks.setAttached(actor, e1, 'back', 'shop', false);
  const Labels = { odyssey_environment: e1, odyssey_deployment: 'shop' };
  const lingering = {
    Spec: { Name: 'shop-r1', Labels, TaskTemplate: { Networks: [{ Target: `id-env-${e1}-back` }] } },
  };
  engine.services.push(lingering as unknown as Service);
  await expect(networks.remove(e1, 'back')).rejects.toMatchObject({ kind: 'in-use' });
  engine.services.length = 0;
  await networks.remove(e1, 'back');
  expect(engine.networks).toEqual([]);
  await expect(networks.remove(e1, 'back')).rejects.toMatchObject({ status: 404 });
});

test('a deployment that was removed holds no network, and hands none on to one of its name', async () => {
  await networks.create(e1, 'back', true);
  attached = [`${e1} back gone`];
  await networks.remove(e1, 'back');
  expect(attached).toEqual([]);
  await networks.create(e1, 'side', true);
  await networks.setAttached(actor, e1, 'side', 'shop', true);
  networks.forget(e1, 'shop');
  expect(networks.of(e1, 'shop')).toEqual([]);
});
