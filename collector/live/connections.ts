// TCP sockets by inode, so that the descriptors of a process can be told apart into listening and connected ones.
export interface Connection {
  listening: boolean;
  established: boolean;
  localPort: number;
  remotePort: number;
  /** "address:port" of the other end. */
  remote: string;
}

const stateEstablished = '01';
const stateListen = '0A';

/** Rows of /proc/PID/net/tcp and tcp6 by inode; rows of other states, and sockets that nobody holds, are left out. */
export function parseConnections(text: string): Map<string, Connection> {
  const connections = new Map<string, Connection>();
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/, 10);
    const [, local, remote, state] = columns;
    const inode = columns[9];
    if (local === undefined || remote === undefined || inode === undefined || inode === '0') continue;
    if (state !== stateEstablished && state !== stateListen) continue;
    const [remoteAddress, remotePort] = parseEnd(remote);
    const [, localPort] = parseEnd(local);
    connections.set(inode, {
      listening: state === stateListen,
      established: state === stateEstablished,
      localPort,
      remotePort,
      remote: remoteAddress.includes(':') ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`,
    });
  }
  return connections;
}

/** "0100007F:1F90" → ["127.0.0.1", 8080]: the kernel prints each 32-bit word in the machine's order, little-endian here. */
function parseEnd(text: string): [string, number] {
  const [address, port] = text.split(':');
  if (address === undefined || !/^([0-9A-F]{8}|[0-9A-F]{32})$/i.test(address) || !/^[0-9A-F]{4}$/i.test(port ?? ''))
    throw new Error(`not an end of a socket: ${JSON.stringify(text.slice(0, 60))}`);
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  return [addressOf(bytes), Number.parseInt(port!, 16)];
}

function addressOf(bytes: readonly string[]): string {
  const decimal = (pairs: readonly string[]) => pairs.map((pair) => Number.parseInt(pair, 16)).join('.');
  if (bytes.length === 4) return decimal(bytes);
  const mapped = bytes.slice(0, 10).every((byte) => byte === '00') && bytes.slice(10, 12).join('') === 'FFFF';
  if (mapped) return decimal(bytes.slice(12));
  const groups = Array.from({ length: 8 }, (_, at) =>
    Number.parseInt(bytes[2 * at]! + bytes[2 * at + 1]!, 16).toString(16),
  );
  return shorten(groups);
}

/** The longest run of zero groups becomes "::". */
function shorten(groups: readonly string[]): string {
  let [best, bestLength] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > bestLength) [best, bestLength] = [start, length];
  }
  if (bestLength < 2) return groups.join(':');
  return `${groups.slice(0, best).join(':')}::${groups.slice(best + bestLength).join(':')}`;
}
