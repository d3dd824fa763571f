// Puts the broker together: two sockets with their tables, the engine behind them, and the figures about both.
import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { type Sample, sample } from '../../core/contracts/sample.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Log } from '../../core/runtime/log.ts';
import { checkBinds, type HostFiles, refuseFolder } from './bind-folder.ts';
import { createEngine, ping } from './engine.ts';
import { createGate } from './gate.ts';
import { createJudge } from './judge.ts';
import { createLogBudget } from './log-budget.ts';
import type { Policy } from './policy.ts';
import { readTable } from './read-table.ts';
import type { Row } from './row.ts';
import { type BrokerSocket, openSocket } from './sockets.ts';
import { createTally } from './tally.ts';
import { writeTable } from './write-table.ts';

export interface BrokerOptions {
  dockerSocket: string;
  readSocket: string;
  /** Number of the group that may connect to it, where that is not this process's own. */
  readGroup?: number | undefined;
  writeSocket: string;
  /** The folder that a listed bind must lie in. */
  dataFolder: string;
  policy: Omit<Policy, 'refuseFolder'>;
  clock: Clock;
  log: Log;
  /** Changes rows before they are served; tests shorten deadlines with it. */
  adjust?: (row: Row) => Row;
}

export interface Broker {
  samples(): Sample[];
  /** Whether the engine has answered since the start. */
  ready(): boolean;
  close(): Promise<void>;
}

/** Calls of the collector are short and many; those of the control plane may wait for a container to stop, and each reader of a log holds a stream. */
const gates = { read: { callsMax: 64, streamsMax: 4 }, write: { callsMax: 64, streamsMax: 32 } };
const pingEverySeconds = 10;
const pingDeadlineSeconds = 3;

/** Opens both sockets; throws when a listed bind is not Odyssey's own or would reach the host. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const policy: Policy = { ...options.policy, refuseFolder: (path) => refuseFolder(hostFiles, path) };
  const { dockerSocket, readSocket, writeSocket } = options;
  checkBinds(hostFiles, policy.binds, options.dataFolder, [dockerSocket, readSocket, writeSocket]);
  const engine = createEngine(dockerSocket);
  const tally = createTally();
  const adjust = options.adjust ?? ((row: Row) => row);
  const tables = { read: readTable.map(adjust), write: writeTable(policy).map(adjust) };
  const open = { read: createGate(gates.read), write: createGate(gates.write) };
  const sockets: BrokerSocket[] = [];
  for (const socket of ['read', 'write'] as const) {
    const judge = createJudge(tables[socket], policy);
    const path = socket === 'read' ? readSocket : writeSocket;
    const { clock, log } = options;
    const serving = { socket, judge, gate: open[socket], engine, tally, log, logBudget: createLogBudget(), clock };
    sockets.push(await openSocket(path, serving, socket === 'read' ? options.readGroup : undefined));
  }
  const stop = new AbortController();
  const health: { up: boolean | undefined; answered: boolean } = { up: undefined, answered: false };
  const watching = watch(stop.signal);
  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const up = await ping(engine, pingDeadlineSeconds);
      if (up !== health.up) options.log.info({ up }, up ? 'the engine answers' : 'the engine does not answer');
      health.up = up;
      health.answered ||= up;
      await options.clock.sleep(up ? pingEverySeconds : pingDeadlineSeconds, signal);
    }
  }
  return {
    samples: () => [
      ...tally.samples(),
      ...(['read', 'write'] as const).flatMap((socket) => [
        sample('broker_calls_open', open[socket].calls, { socket }),
        sample('broker_streams_open', open[socket].streams, { socket }),
      ]),
      ...(health.up === undefined ? [] : [sample('broker_docker_up', health.up ? 1 : 0)]),
    ],
    ready: () => health.answered,
    close: async () => {
      stop.abort();
      await Promise.all([watching, ...sockets.map((socket) => socket.close())]);
    },
  };
}

/** The real files; whatever cannot be seen is undefined. */
export const hostFiles: HostFiles = {
  realPath: (path) => seen(() => realpathSync(path)),
  list: (path) =>
    seen(() => {
      const names = readdirSync(path);
      return { device: lstatSync(path).dev, entries: names.map((name) => ({ name, kind: kindOf(`${path}/${name}`) })) };
    }),
};

function seen<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined; // not there, or not visible from here
  }
}

/** A file that is gone before it is looked at, as HAProxy's sockets are while it reloads, is no danger. */
function kindOf(path: string): 'folder' | 'socket' | 'device' | 'other' {
  const found: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return 'folder';
  if (found?.isSocket()) return 'socket';
  return found?.isBlockDevice() || found?.isCharacterDevice() ? 'device' : 'other';
}
