// Whether the engine is ready for deployments, and that a swarm begins only as somebody has agreed to it.
import { expect, test } from 'vitest';
import { localNodeOf, readEngine, startSwarm, whyNotReady } from '../../../../web/server/engine/swarm.ts';
import { fakeEngine } from '../../../fakes/engine.ts';

const agreed = { pool: '10.97.0.0/16', address: '192.0.2.1' };

test.each([
  {
    given: 'a manager',
    swarm: { LocalNodeState: 'active', ControlAvailable: true, Managers: 1, Nodes: 3 },
    kind: 'ready',
    why: undefined,
  },
  { given: 'a worker', swarm: { LocalNodeState: 'active', ControlAvailable: false }, kind: 'worker', why: /worker/ },
  { given: 'no swarm', swarm: { LocalNodeState: 'inactive' }, kind: 'no-swarm', why: /start one first/ },
  { given: 'a locked swarm', swarm: { LocalNodeState: 'locked' }, kind: 'absent', why: /locked/ },
])('$given is $kind', async ({ swarm, kind, why }) => {
  const engine = fakeEngine();
  engine.host = { ...engine.host, Swarm: swarm };
  expect(await readEngine(engine)).toMatchObject({ kind });
  if (why === undefined) expect(await whyNotReady(engine)).toBeUndefined();
  else expect(await whyNotReady(engine)).toMatch(why);
});

test('an engine that is away is absent, with its words', async () => {
  const engine = fakeEngine();
  engine.down = 'absent';
  expect(await readEngine(engine)).toEqual({ kind: 'absent', reason: 'the engine is down' });
  await expect(startSwarm(engine, agreed)).rejects.toMatchObject({ status: 503 });
});

test('a swarm begins with the pool and address that were agreed to, once', async () => {
  const engine = fakeEngine();
  expect(await startSwarm(engine, agreed)).toMatchObject({ kind: 'ready', nodes: 1 });
  expect(engine.done).toEqual(['swarm 192.0.2.1 10.97.0.0/16']);
  await expect(startSwarm(engine, agreed)).rejects.toMatchObject({ status: 409 });
});

test('the local node is asked for once in a while, and an engine without a swarm is none', async () => {
  const engine = fakeEngine();
  let [now, asked] = [0, 0];
  const info = engine.info;
  engine.info = () => {
    asked += 1;
    return info();
  };
  const localNode = localNodeOf(engine, () => now);
  expect(await localNode()).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/no swarm/) });
  engine.host = { ...engine.host, Swarm: { LocalNodeState: 'active', NodeID: 'n1' } };
  expect(await localNode()).toEqual({ kind: 'node', node: 'n1' });
  expect(await localNode()).toEqual({ kind: 'node', node: 'n1' });
  expect(asked).toBe(2);
  now = 20;
  engine.down = 'absent';
  expect(await localNode()).toMatchObject({ kind: 'refused' });
});
