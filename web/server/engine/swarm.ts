// Whether the engine is ready for deployments, and the start of a swarm on it after a person has been told what that means.
import type { EngineState } from '../../../core/contracts/deployments.ts';
import { UserError } from '../user-error.ts';
import type { EnginePort } from './port.ts';

/** Small and of our own: the engine's default, 10.0.0.0/8, is too wide to be kept from leaving the host. 65 environments fit. */
const defaultPool = '10.97.0.0/16';
const subnetSize = 24;
/** A node that is lost is seen in 3.6 s instead of 12.3 s. */
const heartbeatNanoseconds = 1e9;
const taskHistoryMax = 5;

export async function readEngine(engine: EnginePort): Promise<EngineState> {
  const info = await engine.info();
  if (!info.ok) return { kind: 'absent', reason: info.failure.message };
  const { Swarm: swarm, ServerVersion: version, Name } = info.value;
  if (swarm?.LocalNodeState === 'active' && swarm.ControlAvailable)
    return { kind: 'ready', version, node: Name, managers: swarm.Managers ?? 1, nodes: swarm.Nodes ?? 1 };
  if (swarm?.LocalNodeState === 'active')
    return { kind: 'worker', version, reason: 'This host is a worker of a swarm; deployments are made on a manager.' };
  if (swarm !== undefined && ['locked', 'error', 'pending'].includes(swarm.LocalNodeState))
    return { kind: 'absent', reason: `The swarm on this host is ${swarm.LocalNodeState}. ${swarm.Error ?? ''}`.trim() };
  const address = '127.0.0.1';
  return {
    ...{ kind: 'no-swarm', version, pool: defaultPool, address },
    plan:
      `The engine becomes a swarm of one node, listening at ${address} for further managers and workers, and environments get networks ` +
      `of /${subnetSize} out of ${defaultPool}. Containers that run already are not touched. Choose an address that other hosts reach if they shall join.`,
  };
}

/** A sentence on why nothing can be deployed, or undefined. */
export async function whyNotReady(engine: EnginePort): Promise<string | undefined> {
  const state = await readEngine(engine);
  if (state.kind === 'ready') return undefined;
  if (state.kind === 'no-swarm')
    return 'The engine has no swarm yet; start one first (GET /engine says what that does).';
  return `Nothing can be deployed: ${state.reason}`;
}

type LocalNode = { kind: 'node'; node: string } | { kind: 'refused'; reason: string };

const nodeSeconds = 15;

/** This engine's node, asked for once in a while: it is the same for as long as the swarm is. */
export function localNodeOf(engine: EnginePort, monotonicSeconds: () => number): () => Promise<LocalNode> {
  let known: { node: string; asked: number } | undefined;
  return async () => {
    const asked = monotonicSeconds();
    if (known !== undefined && asked - known.asked < nodeSeconds) return { kind: 'node', node: known.node };
    const info = await engine.info();
    if (!info.ok) return { kind: 'refused', reason: `Which node this is cannot be told: ${info.failure.message}` };
    const node = info.value.Swarm?.NodeID;
    if (!node) return { kind: 'refused', reason: 'The engine has no swarm, so it is no node; start one first.' };
    known = { node, asked };
    return { kind: 'node', node };
  };
}

export async function startSwarm(
  engine: EnginePort,
  { pool, address }: { pool: string; address: string },
): Promise<EngineState> {
  const before = await readEngine(engine);
  if (before.kind === 'ready') throw new UserError(409, 'done-already', 'The engine is a manager of a swarm already.');
  if (before.kind !== 'no-swarm') throw new UserError(503, 'no-engine', before.reason);
  const done = await engine.swarm.init({
    ...{ ListenAddr: `${address}:2377`, AdvertiseAddr: address, DataPathAddr: address },
    ...{ DefaultAddrPool: [pool], SubnetSize: subnetSize },
    Spec: {
      Dispatcher: { HeartbeatPeriod: heartbeatNanoseconds },
      Orchestration: { TaskHistoryRetentionLimit: taskHistoryMax },
    },
  });
  if (!done.ok) throw new UserError(502, 'no-swarm', `The engine starts no swarm: ${done.failure.message}`);
  return readEngine(engine);
}
