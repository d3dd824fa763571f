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
const portsMax = 1_024;

export type SocketFacts = Pick<ProcessFacts, 'stdioIsOneSocket' | 'stdioPeer' | 'listeningPorts' | 'remotePorts'>;

/** Connections by network namespace, read once a snapshot: containers have tables of their own. */
export interface Sockets {
  byNamespace: Map<string, ReadonlyMap<string, Connection> | undefined>;
  descriptorsLeft: number;
}

export function createSockets(): Sockets {
  return { byNamespace: new Map(), descriptorsLeft: descriptorsOfSnapshotMax };
}

/** Empty where the process may not be looked into. */
export function readSocketFacts(machine: Machine, sockets: Sockets, pid: number): SocketFacts {
  const names = ifAllowed(() => machine.listIfThere(`/proc/${pid}/fd`));
  if (names === undefined || names.length === 0) return {};
  const [input, output, errors] = [0, 1, 2].map((number) => socketOf(machine, pid, String(number)));
  const stdioIsOneSocket = input !== undefined && input === output && input === errors;
  const facts: SocketFacts = { stdioIsOneSocket };
  const connections = connectionsOf(machine, sockets, pid);
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

function connectionsOf(
  machine: Machine,
  { byNamespace }: Sockets,
  pid: number,
): ReadonlyMap<string, Connection> | undefined {
  const namespace = machine.linkTarget(`/proc/${pid}/ns/net`);
  if (namespace === undefined) return undefined;
  if (byNamespace.has(namespace)) return byNamespace.get(namespace);
  if (byNamespace.size >= namespacesMax) return undefined;
  const connections = readConnections(machine, pid);
  byNamespace.set(namespace, connections);
  return connections;
}

function readConnections(machine: Machine, pid: number): ReadonlyMap<string, Connection> | undefined {
  const folder = `/proc/${pid}/net`;
  const inUse = Number(/^TCP: inuse (\d+)/m.exec(machine.readTextIfThere(`${folder}/sockstat`) ?? '')?.[1] ?? 0);
  const table = machine.readTextIfThere(`${folder}/tcp`);
  if (table === undefined || inUse > connectionsMax) return undefined;
  const six = machine.readTextIfThere(`${folder}/tcp6`);
  return new Map([...parseConnections(table), ...(six === undefined ? [] : parseConnections(six))]);
}
