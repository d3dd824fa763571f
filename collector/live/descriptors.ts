// Which sockets a process holds: its ports, and whether its standard streams are one connection.
import type { ProcessFacts } from '../../core/contracts/processes.ts';
import type { Machine } from '../source.ts';
import { type Connection, parseConnections } from './connections.ts';
import { ifAllowed } from './facts.ts';

/** Descriptors looked at in one process, and in one snapshot. */
const descriptorsMax = 1_024;
const descriptorsOfSnapshotMax = 60_000;
/** The kernel walks its whole table for each look; above this many connections ports stay unknown. */
const connectionsMax = 50_000;
const namespacesMax = 512;
/** Time for tables in one snapshot. */
const tablesSecondsMax = 0.1;
const portsMax = 1_024;

export type SocketFacts = Pick<ProcessFacts, 'stdioIsOneSocket' | 'stdioPeer' | 'listeningPorts' | 'remotePorts'>;

/**
 * Connections by network namespace: containers have tables of their own. The kernel walks all buckets of the machine for
 * each of them, so tables are read for a bounded time each snapshot, those that were not read for longest first.
 */
export interface Sockets {
  tables: Map<string, { connections: ReadonlyMap<string, Connection> | undefined; readAt: number }>;
  namespaces: ReadonlyMap<number, string>;
  descriptorsLeft: number;
}

export function createSockets(): Sockets {
  return { tables: new Map(), namespaces: new Map(), descriptorsLeft: 0 };
}

/** Reads the tables for a new snapshot; those of namespaces that are gone are forgotten. */
export async function refreshSockets(
  machine: Machine,
  sockets: Sockets,
  pids: readonly number[],
  pause: () => Promise<void>,
): Promise<void> {
  const namespaces = new Map<number, string>();
  const firstPids = new Map<string, number>();
  for (const pid of pids) {
    const namespace = machine.linkTarget(`/proc/${pid}/ns/net`);
    if (namespace === undefined) continue;
    namespaces.set(pid, namespace);
    if (!firstPids.has(namespace)) firstPids.set(namespace, pid);
  }
  sockets.namespaces = namespaces;
  sockets.descriptorsLeft = descriptorsOfSnapshotMax;
  for (const namespace of sockets.tables.keys()) if (!firstPids.has(namespace)) sockets.tables.delete(namespace);
  const readAt = (namespace: string) => sockets.tables.get(namespace)?.readAt ?? Number.NEGATIVE_INFINITY;
  const due = [...firstPids].sort(([a], [b]) => readAt(a) - readAt(b)).slice(0, namespacesMax);
  let spent = 0;
  for (const [namespace, pid] of due) {
    if (spent > tablesSecondsMax) return;
    const began = machine.monotonicSeconds();
    sockets.tables.set(namespace, { connections: readConnections(machine, pid), readAt: began });
    spent += machine.monotonicSeconds() - began;
    await pause();
  }
}

/** Empty where the process may not be looked into. */
export function readSocketFacts(machine: Machine, sockets: Sockets, pid: number): SocketFacts {
  const names = ifAllowed(() => machine.listIfThere(`/proc/${pid}/fd`));
  if (names === undefined || names.length === 0) return {};
  const [input, output, errors] = [0, 1, 2].map((number) => socketOf(machine, pid, String(number)));
  const stdioIsOneSocket = input !== undefined && input === output && input === errors;
  const facts: SocketFacts = { stdioIsOneSocket };
  const connections = connectionsOf(sockets, pid);
  if (connections === undefined || sockets.descriptorsLeft < names.length) return facts;
  sockets.descriptorsLeft -= Math.min(names.length, descriptorsMax);
  const [listening, remote] = [new Set<number>(), new Set<number>()];
  if (connections.size > 0) {
    for (const name of names.slice(0, descriptorsMax)) {
      const connection = connections.get(socketOf(machine, pid, name) ?? '');
      if (connection?.listening && connection.localPort > 0) listening.add(connection.localPort);
      if (connection?.established && connection.remotePort > 0) remote.add(connection.remotePort);
    }
  }
  facts.listeningPorts = [...listening].sort((a, b) => a - b).slice(0, portsMax);
  facts.remotePorts = [...remote].sort((a, b) => a - b).slice(0, portsMax);
  const peer = stdioIsOneSocket ? connections.get(input!)?.remote : undefined;
  if (peer !== undefined) facts.stdioPeer = peer;
  return facts;
}

/** The inode of a descriptor that is a socket. */
function socketOf(machine: Machine, pid: number, descriptor: string): string | undefined {
  return /^socket:\[(\d+)\]$/.exec(machine.linkTarget(`/proc/${pid}/fd/${descriptor}`) ?? '')?.[1];
}

function connectionsOf(sockets: Sockets, pid: number): ReadonlyMap<string, Connection> | undefined {
  return sockets.tables.get(sockets.namespaces.get(pid) ?? '')?.connections;
}

/** Undefined where there are too many. A family without a socket is not asked: the answer would cost as much as a full one. */
function readConnections(machine: Machine, pid: number): ReadonlyMap<string, Connection> | undefined {
  const folder = `/proc/${pid}/net`;
  const inUse = (file: string, family: string): number | undefined => {
    const count = new RegExp(`^${family}: inuse (\\d+)`, 'm').exec(
      machine.readTextIfThere(`${folder}/${file}`) ?? '',
    )?.[1];
    return count === undefined ? undefined : Number(count);
  };
  const [four, six] = [inUse('sockstat', 'TCP'), inUse('sockstat6', 'TCP6')];
  if ((four ?? 0) + (six ?? 0) > connectionsMax) return undefined;
  const tables = [
    four === 0 ? '' : machine.readTextIfThere(`${folder}/tcp`),
    six === 0 ? '' : machine.readTextIfThere(`${folder}/tcp6`),
  ];
  if (tables[0] === undefined) return undefined;
  return new Map(tables.flatMap((table) => [...parseConnections(table ?? '')]));
}
