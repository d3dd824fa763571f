// Proof of several nodes: replicas are spread, leave a drained node and a lost one, and the list of nodes says what is so.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeView } from '../../../core/contracts/nodes.ts';
import { systemClock } from '../../../core/runtime/clock.ts';
import { createBrokerEngine } from '../../../web/server/engine/broker-engine.ts';
import { type SwarmNode, startSwarmNodes } from '../../engine/swarm-nodes.ts';
import { startTestBroker } from '../../web/broker/harness.ts';
import { until } from '../../web/server/engine-plane.ts';
import { openPlane, type TestPlane } from '../../web/server/plane.ts';
import { barred, type Figure, skipped, told } from '../figure.ts';

const pool = '10.214.0.0/16';
const replicas = 6;

export async function proveNodes(progress: (line: string) => void): Promise<Figure[]> {
  progress('three engines');
  const started = await startSwarmNodes(3, pool);
  if (started.kind === 'absent') return [skipped('deployments.nodes', started.reason)];
  const { nodes, imageId } = started;
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-nodes-')));
  const broker = await startTestBroker(nodes[0]!.engine.socketPath, { dataFolder: data });
  const it = await openPlane({ dataFolder: data, clock: systemClock, engine: createBrokerEngine(broker.write) });
  const stopping = new AbortController();
  const running = it.plane.orchestration.run(stopping.signal);
  try {
    progress('a swarm, joined with tokens that are shown once');
    const rotated = await joinAll(it, nodes);
    progress('spread, drain, loss');
    return [rotated, ...(await lose(it, nodes, imageId))];
  } finally {
    stopping.abort();
    await running;
    await it.close();
    await broker.close();
    await started.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Each token is used by one node, and is worth nothing after that. */
async function joinAll(it: TestPlane, [first, ...others]: readonly SwarmNode[]): Promise<Figure> {
  const made = await it.admin.call('POST', '/engine/swarm', { pool, address: first!.address });
  if (made.status !== 201) throw new Error(made.text);
  let stale = 0;
  for (const { engine, address } of others) {
    const { body } = await it.admin.call('POST', '/nodes/join-tokens', { role: 'worker' });
    const join = {
      ListenAddr: `${address}:2377`,
      AdvertiseAddr: address,
      RemoteAddrs: [`${first!.address}:2377`],
      JoinToken: body.token,
    };
    const joined = await engine.ask('POST', '/swarm/join', join);
    if (joined.status !== 200) throw new Error(joined.text);
    const token = async () => JSON.parse((await first!.engine.ask('GET', '/swarm')).text).JoinTokens.Worker;
    for (let tries = 0; (await token()) === body.token && tries < 60; tries++) await systemClock.sleep(0.5);
    if ((await token()) === body.token) stale++;
  }
  return barred('deployments.nodes_tokens_good_after_use', stale, '==', 0);
}

async function lose(it: TestPlane, nodes: readonly SwarmNode[], imageId: string): Promise<Figure[]> {
  const at = `/environments/${it.defaultEnvironment}`;
  const command = ['/bin/sh', '-c', 'trap exit TERM; while :; do sleep 1 & wait; done'];
  const spec = { name: 'spread', image: imageId, command, replicas, limits: { memoryMegabytes: 32, cpus: 0.1 } };
  const { body } = await it.admin.call('POST', `${at}/deployments`, spec);
  const made = await until(it.admin, `${at}/operations/${body.operation}`, ({ ended }) => ended !== null);
  if (made.state !== 'done') throw new Error(made.outcome);
  const list = async (): Promise<NodeView[]> => (await it.admin.call('GET', '/nodes')).body.items;
  const before = await list();
  const fewest = Math.min(...before.map(({ tasks }) => tasks ?? 0));
  const wrong = [await differences(it, nodes)];

  const third = before.find(({ name }) => name === nodes[2]!.name)!;
  const drainStart = performance.now();
  await it.admin.call('PATCH', `/nodes/${third.id}`, { availability: 'drain' });
  const drained = await elsewhere(list, third.id, drainStart);
  wrong.push(await differences(it, nodes));
  await it.admin.call('PATCH', `/nodes/${third.id}`, { availability: 'active' });

  const second = before.find(({ name }) => name === nodes[1]!.name)!;
  const cut = performance.now();
  nodes[1]!.cutPower();
  const seen = untilDown(list, second.id, cut);
  const replaced = await elsewhere(list, second.id, cut);
  const down = await seen;
  wrong.push(await differences(it, nodes));
  return [
    barred('deployments.nodes_fewest_replicas', fewest, '>=', 1),
    barred('deployments.nodes_drained_seconds', drained, '<=', 20, 's'),
    told('deployments.nodes_loss_seen_seconds', down, 's'),
    barred('deployments.nodes_loss_replaced_seconds', replaced, '<=', 20, 's'),
    barred('deployments.nodes_untrue_lines', wrong.flat().length, '==', 0),
  ];
}

/** Seconds until all replicas run on other nodes than this one. */
async function elsewhere(list: () => Promise<NodeView[]>, node: string, start: number): Promise<number> {
  for (;;) {
    const others = (await list()).filter(({ id }) => id !== node);
    const gone = (await list()).find(({ id }) => id === node)!.tasks ?? 0;
    const seconds = (performance.now() - start) / 1000;
    if (others.reduce((sum, { tasks }) => sum + (tasks ?? 0), 0) >= replicas && gone === 0) return seconds;
    if (seconds > 120) return Number.NaN;
    await systemClock.sleep(0.2);
  }
}

async function untilDown(list: () => Promise<NodeView[]>, node: string, start: number): Promise<number> {
  for (;;) {
    const seconds = (performance.now() - start) / 1000;
    if ((await list()).find(({ id }) => id === node)?.state === 'down' || seconds > 120) return seconds;
    await systemClock.sleep(0.2);
  }
}

/** What the list says otherwise than the manager's own engine. */
async function differences(it: TestPlane, nodes: readonly SwarmNode[]): Promise<string[]> {
  const items: NodeView[] = (await it.admin.call('GET', '/nodes')).body.items;
  const asked = JSON.parse((await nodes[0]!.engine.ask('GET', '/nodes')).text) as {
    ID: string;
    Spec: { Role: string; Availability: string };
    Status: { State: string; Addr: string };
    Description: { Hostname: string; Resources: { MemoryBytes: number }; Engine: { EngineVersion: string } };
  }[];
  const facts = asked.map(({ ID, Spec, Status, Description }) =>
    [
      ID,
      Description.Hostname,
      Spec.Role,
      Spec.Availability,
      Status.State,
      Status.Addr,
      Description.Resources.MemoryBytes,
      Description.Engine.EngineVersion,
    ].join(' '),
  );
  const shown = items.map((one) =>
    [one.id, one.name, one.role, one.availability, one.state, one.address, one.memoryBytes, one.engineVersion].join(
      ' ',
    ),
  );
  return facts.filter((line) => !shown.includes(line));
}
