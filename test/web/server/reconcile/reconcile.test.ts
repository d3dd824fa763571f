// The look every 15 s against operations that begin in the middle of it, an empty database, and the audit log.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeploymentService } from '../../../../web/server/deployments/service.ts';
import { reconcile } from '../../../../web/server/reconcile/reconcile.ts';
import { actor, type Bench, environment, openBench } from '../deployments/bench.ts';

let bench: Bench;
let service: DeploymentService;
beforeEach(async () => {
  bench = openBench();
  service = await bench.deployed();
});
afterEach(() => bench.close());

const update = async (image: string) =>
  bench.ended((await service.update(actor, environment, 'shop', { image })).operation);
const replicas = (name: string) => bench.engine.there.get(name)?.Spec.Mode.Replicated.Replicas;

describe('an operation that begins while it looks', () => {
  test('keeps the service that it goes back to, although nothing wanted that a moment ago', async () => {
    await update('two');
    bench.deployments.keepWarm('shop', 1, 0);
    const apply = bench.ingress.apply;
    let begun: string | undefined;
    bench.ingress.apply = async (routes) => {
      const done = await apply(routes);
      bench.ingress.apply = apply;
      begun = (await service.rollback(actor, environment, 'shop', 'r1')).operation;
      return done;
    };
    await reconcile(bench.ports);
    expect(await bench.ended(begun!)).toMatchObject({ state: 'done' });
    expect(bench.engine.done).not.toContain('remove shop-r1');
  });

  test('is not scaled back to what was recorded before it', async () => {
    bench.ingress.serversUp = 5;
    const { Spec } = bench.engine.there.get('shop-r1')!;
    Object.assign(Spec.Labels, { odyssey_spec: 'changed by somebody' });
    const inspect = bench.engine.services.inspect;
    let begun: string | undefined;
    bench.engine.services.inspect = async (name) => {
      const found = await inspect(name);
      bench.engine.services.inspect = inspect;
      begun = (await service.scale(actor, environment, 'shop', 5)).operation;
      return found;
    };
    await reconcile(bench.ports);
    expect(await bench.ended(begun!)).toMatchObject({ state: 'done' });
    expect(replicas('shop-r1')).toBe(5);
  });

  test('is not undone in HAProxy by routes that were read before it', async () => {
    await update('two');
    bench.ingress.stable.set('shop', 'r9'); // something to repair
    const read = bench.ingress.read;
    let begun: string | undefined;
    bench.ingress.read = async () => {
      const reading = await read();
      bench.ingress.read = read;
      begun = (await service.rollback(actor, environment, 'shop', undefined)).operation;
      await bench.ended(begun);
      return reading;
    };
    await reconcile(bench.ports);
    expect(bench.ingress.stable.get('shop')).toBe('r1');
  });
});

test.each([
  { given: 'limits', change: { Resources: { Limits: { MemoryBytes: 1, NanoCPUs: 1 } } } },
  { given: 'a command', inside: { Command: ['/bin/evil'] } },
  { given: 'a variable', inside: { Env: ['LD_PRELOAD=x'] } },
  { given: 'a mount', inside: { Mounts: [{ Type: 'volume', Source: 'vol-x', Target: '/x' }] } },
])('$given that somebody has given a service behind our back go again', async ({ change, inside }) => {
  const { Spec } = bench.engine.there.get('shop-r1')!;
  Object.assign(Spec.TaskTemplate, change);
  Object.assign(Spec.TaskTemplate.ContainerSpec, inside);
  expect(await reconcile(bench.ports)).toMatchObject({ repaired: ['shop-r1 was updated'] });
  expect(await reconcile(bench.ports)).toMatchObject({ repaired: [] });
});

test('an empty database takes no way in from what runs', async () => {
  bench.db.run('DELETE FROM deployments');
  const found = await reconcile(bench.ports);
  expect(found).toMatchObject({
    kind: 'looked',
    repaired: [],
    problems: [/shop-r1/, /Nothing is recorded/].map(matching),
  });
  expect(bench.ingress.routes[0]!.hosts).toEqual(['shop.test']);
  expect([...bench.engine.there.keys()]).toEqual(['shop-r1']);
});

test('a share that nobody has recorded is taken back', async () => {
  const read = bench.ingress.read;
  let strayed = true;
  bench.ingress.read = async () => {
    const reading = await read();
    if (!strayed || reading.kind !== 'serving') return reading;
    return { ...reading, pointings: reading.pointings.map((one) => ({ ...one, canary: 'r1', share: 500 })) };
  };
  expect(await reconcile(bench.ports)).toMatchObject({ repaired: ['HAProxy was told anew'] });
  strayed = false;
  expect(await reconcile(bench.ports)).toMatchObject({ repaired: [] });
});

describe('each repair', () => {
  test('stands in the audit log before it is done, and what is as it should be leaves no word', async () => {
    bench.engine.there.delete('shop-r1');
    bench.audited.length = 0;
    await reconcile(bench.ports);
    expect(bench.audited).toEqual(['open reconcile:service', 'close reconcile:service done']);
    await reconcile(bench.ports);
    expect(bench.audited).toHaveLength(2);
  });

  test('that fails is one act however often it is tried', async () => {
    bench.ingress.down = 'HAProxy does not answer.';
    bench.audited.length = 0;
    for (let tries = 0; tries < 3; tries++) await reconcile(bench.ports);
    expect(bench.audited).toEqual(['open reconcile:ingress']);
    bench.ingress.down = undefined;
    bench.ingress.stable.clear();
    await reconcile(bench.ports);
    expect(bench.audited).toEqual(['open reconcile:ingress', 'close reconcile:ingress done']);
  });

  test('is left undone while the audit log takes nothing', async () => {
    bench.engine.there.delete('shop-r1');
    bench.auditDown.reason = 'no space left on device';
    await expect(reconcile(bench.ports)).rejects.toThrow('no space left');
    expect(bench.engine.there.size).toBe(0);
  });
});

function matching(pattern: RegExp): string {
  return expect.stringMatching(pattern) as unknown as string;
}
