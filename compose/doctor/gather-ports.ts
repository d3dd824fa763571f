// Whether each port can be had, and whose it is where it cannot: a trial bind says the first, /proc the second.
import { readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { PortFact } from '../../core/lib/doctor/facts.ts';
import { readText } from '../../core/runtime/read-text.ts';
import type { PortName, Ports } from '../ports.ts';
import { listenersIn } from './proc-net.ts';

interface Owner {
  pid: number;
  name: string;
}

export async function gatherPorts(ports: Ports, ourPids: readonly number[]): Promise<PortFact[]> {
  const wanted = Object.entries(ports) as [PortName, number][];
  const free = await Promise.all(wanted.map(([, port]) => canBind(port)));
  const owners = free.every(Boolean) ? new Map<number, Owner>() : findOwners();
  return wanted.map(([name, port], index) => {
    const owner = owners.get(port);
    if (free[index]) return { name, port, state: 'free' };
    if (owner === undefined) return { name, port, state: 'taken' };
    if (ourPids.includes(owner.pid)) return { name, port, state: 'ours' };
    return { name, port, state: 'taken', owner: `${owner.name} (process ${owner.pid})` };
  });
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Port → process, as far as this user may see: the sockets of others' processes are hidden from all but root. */
function findOwners(): Map<number, Owner> {
  const portOf = new Map<string, number>();
  for (const path of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const [port, inode] of listenersIn(readText(path) ?? '')) portOf.set(`socket:[${inode}]`, port);
  }
  const owners = new Map<number, Owner>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const socket of socketsOf(pid)) {
      const port = portOf.get(socket);
      if (port !== undefined)
        owners.set(port, { pid: Number(pid), name: readText(`/proc/${pid}/comm`)?.trim() ?? '?' });
    }
  }
  return owners;
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((file) => readLink(`/proc/${pid}/fd/${file}`));
  } catch {
    return []; // ended meanwhile, or another user's
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
