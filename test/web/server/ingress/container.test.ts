// HAProxy's container against an engine that fails as asked: made once, kept in order, replaced when settings change, and told of in words.
import { expect, test } from 'vitest';
import { containerCreate } from '../../../../web/broker/validate/container.ts';
import type { ContainerCreate } from '../../../../web/server/engine/objects.ts';
import type { EngineAnswer, EngineFailureKind } from '../../../../web/server/engine/port.ts';
import { type IngressEngine, ingressContainer } from '../../../../web/server/ingress/container.ts';
import { containerSpec, type IngressSettings, metricsAddress } from '../../../../web/server/ingress/container-spec.ts';
import { openPolicy } from '../../broker/harness.ts';

const image = `sha256:${'a'.repeat(64)}`;
const settings: IngressSettings = {
  ...{ image, ports: { http: 80, https: 443 }, metricsPort: undefined, networks: ['odyssey-core'] },
  mounts: { kind: 'bind', configuration: '/srv/odyssey/haproxy', sockets: '/srv/odyssey/run/haproxy' },
  user: { uid: 1000, gid: 1000 },
};

/** An engine with one container at most; calls that are listed fail. */
function fakeEngine(fails: Record<string, { kind: EngineFailureKind; message: string }> = {}) {
  const did: string[] = [];
  let container: { spec: ContainerCreate; running: boolean; networks: string[]; status?: string } | undefined;
  const act = <T>(what: string, call: () => T): Promise<EngineAnswer<T>> => {
    did.push(what);
    const failure = fails[what.split(' ')[0]!];
    return Promise.resolve(failure === undefined ? { ok: true, value: call() } : { ok: false, failure });
  };
  const engine = {
    containers: {
      inspect: () =>
        Promise.resolve(
          fails['inspect'] !== undefined
            ? { ok: false, failure: fails['inspect'] }
            : container === undefined
              ? { ok: false, failure: { kind: 'missing', message: 'No such container' } }
              : {
                  ok: true,
                  value: {
                    State: { Running: container.running, Status: container.status ?? 'running' },
                    Config: { Labels: container.spec.Labels },
                    NetworkSettings: { Networks: Object.fromEntries(container.networks.map((name) => [name, {}])) },
                  },
                },
        ),
      create: (name: string, spec: ContainerCreate) =>
        act(`create ${name}`, () => {
          container = { spec, running: false, networks: ['bridge'] };
          return { Id: 'c1' };
        }),
      start: () =>
        act('start', () => {
          container!.running = true;
          return undefined;
        }),
      restart: () =>
        act('restart', () => {
          container!.status = 'running';
          return undefined;
        }),
      remove: () =>
        act('remove', () => {
          container = undefined;
          return undefined;
        }),
    },
    images: { inspect: (name: string) => act(`image ${name === image}`, () => ({ Id: image })) },
    networks: {
      connect: (name: string) =>
        act(`connect ${name}`, () => {
          container!.networks.push(name);
          return undefined;
        }),
      disconnect: (name: string) =>
        act(`disconnect ${name}`, () => {
          container!.networks = container!.networks.filter((one) => one !== name);
          return undefined;
        }),
    },
  } as unknown as IngressEngine;
  const stop = (): void => {
    container!.running = false;
  };
  const wait = (): void => {
    container!.status = 'restarting';
  };
  return { engine, did, stop, wait, spec: () => container?.spec };
}

test('made, joined and started; then left alone; started again when it stopped', async () => {
  const { engine, did, stop } = fakeEngine();
  const container = ingressContainer(engine, settings, (text) => `mark of ${text.length}`);
  expect(await container.ensure([], false)).toEqual({ kind: 'none' });
  expect(await container.ensure(['env-a', 'env-a'], true)).toEqual({ kind: 'running', fresh: true });
  expect(did.splice(0)).toEqual([
    'image true',
    'create odyssey-haproxy',
    'connect odyssey-core',
    'connect env-a',
    'start',
  ]);
  expect(await container.ensure(['env-a'], true)).toEqual({ kind: 'running', fresh: false });
  expect(did).toEqual([]);
  stop();
  expect(await container.ensure(['env-a', 'env-b'], true)).toEqual({ kind: 'running', fresh: true });
  expect(did.splice(0)).toEqual(['connect env-b', 'start']);
  await container.leave(['env-b']);
  expect(did).toEqual(['disconnect env-a']);
});

test('one that the engine waits with after many ends is started at once', async () => {
  const { engine, did, wait } = fakeEngine();
  const container = ingressContainer(engine, settings, (text) => `mark of ${text.length}`);
  await container.ensure(['env-a'], true);
  did.splice(0);
  wait();
  expect(await container.ensure(['env-a'], true)).toEqual({ kind: 'running', fresh: true });
  expect(did).toEqual(['restart']);
});

test('other settings replace it', async () => {
  const { engine, did } = fakeEngine();
  const mark = (text: string) => text;
  await ingressContainer(engine, settings, mark).ensure(['env-a'], true);
  did.splice(0);
  const changed = { ...settings, ports: { http: 8081, https: 8444 } };
  expect(await ingressContainer(engine, changed, mark).ensure(['env-a'], false)).toEqual({
    kind: 'running',
    fresh: true,
  });
  expect(did).toEqual([
    'image true',
    'remove',
    'create odyssey-haproxy',
    'connect odyssey-core',
    'connect env-a',
    'start',
  ]);
});

test.each([
  { given: 'no engine', fails: { inspect: { kind: 'absent', message: 'no socket' } }, says: /Without a Docker engine/ },
  {
    given: 'no image',
    fails: { image: { kind: 'missing', message: 'x' } },
    says: /is not on this machine.*docker load/,
  },
  {
    given: 'a refusal',
    fails: { create: { kind: 'refused', message: 'not our port' } },
    says: /cannot be made: not our port/,
  },
  {
    given: 'no network',
    fails: { connect: { kind: 'missing', message: 'no env-a' } },
    says: /cannot join the network/,
  },
  {
    given: 'a port that is taken',
    fails: { start: { kind: 'failed', message: 'bind: address already in use' } },
    says: /something else listens on port 80 or 443/,
  },
] as const)('$given is told in words', async ({ fails, says }) => {
  const { engine } = fakeEngine(fails as Record<string, { kind: EngineFailureKind; message: string }>);
  const container = ingressContainer(engine, settings, (text) => text);
  expect(await container.ensure(['env-a'], true)).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(says),
  });
});

test('a tag is pinned to the image that it names; where there is none, how to get it is told', async () => {
  const tagged = { ...settings, image: 'haproxy:3.0' };
  const { engine, spec } = fakeEngine();
  await ingressContainer(engine, tagged, (text) => text).ensure(['env-a'], true);
  expect(spec()?.Image).toBe(image);
  const missing = fakeEngine({ image: { kind: 'missing', message: '' } });
  expect(await ingressContainer(missing.engine, tagged, (text) => text).ensure(['env-a'], true)).toMatchObject({
    reason: expect.stringContaining('pulled by itself'),
  });
});

test.each([
  { given: 'folders', change: {} },
  {
    given: 'volumes and figures on loopback',
    change: {
      mounts: { kind: 'volume', configuration: 'odyssey-haproxy', sockets: 'odyssey-haproxy-run' },
      metricsPort: 8404,
    } as Partial<IngressSettings>,
  },
])('the broker takes the container with $given', ({ change }) => {
  const policy = {
    ...openPolicy,
    publishedPorts: [80, 443, 8404],
    volumes: ['odyssey-haproxy', 'odyssey-haproxy-run'],
  };
  const spec = containerSpec({ ...settings, ...change }, image, 'mark');
  expect(containerCreate(policy).safeParse(structuredClone(spec)).error).toBeUndefined();
});

test.each([
  { given: 'a port on loopback', change: { metricsPort: 8504 }, says: '127.0.0.1:8504' },
  { given: 'a network with Prometheus', change: {}, says: 'odyssey-haproxy:8404' },
  { given: 'neither', change: { networks: [] }, says: undefined },
])('with $given Prometheus asks $says', ({ change, says }) => {
  expect(metricsAddress({ ...settings, ...change })).toBe(says);
});
