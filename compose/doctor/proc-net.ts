// Who listens where, from the text of /proc/net/tcp and tcp6.

const listening = '0A';

/** Port → socket inode of every listening socket in that text. */
export function listenersIn(text: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const line of text.split('\n').slice(1)) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== listening || local === undefined || inode === undefined) continue;
    found.set(Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16), inode);
  }
  return found;
}
