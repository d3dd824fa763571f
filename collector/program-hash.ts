// SHA-256 of the programs that processes run: each file is read once, one at a time, and a dead mount holds one thread.
import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** Programs larger than this are not hashed. */
const fileBytesMax = 256 * 1024 * 1024;
/** Files whose hash is kept; the oldest go first. */
const knownMax = 4_096;
const chunkBytes = 256 * 1024;

export type ProgramHash = (
  path: string,
  limits: { timeoutSeconds: number; onlyKnown: boolean },
) => Promise<string | undefined>;

/**
 * Asked for a link such as /proc/PID/exe, which leads to the file itself, also to one that was deleted or lies in a container.
 * Undefined where it cannot be read, is too large, changes while it is read, or takes longer than told: then reading goes on,
 * nothing else is begun until it has ended, and who asks again later is answered. With `onlyKnown` nothing is read.
 */
export function createProgramHash(bytesMax = fileBytesMax): ProgramHash {
  const known = new Map<string, string>();
  let lingers = false;
  return async (path, { timeoutSeconds, onlyKnown }) => {
    if (lingers) return undefined;
    const work = hashOf(path, known, onlyKnown ? -1 : bytesMax).catch(() => undefined); // ended, or not ours to read
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      lingers = true;
      void work.then(() => {
        lingers = false;
      });
      resolve(undefined);
    }, timeoutSeconds * 1000);
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function hashOf(path: string, known: Map<string, string>, bytesMax: number): Promise<string | undefined> {
  const had = known.get(identityOf(await stat(path, { bigint: true })));
  if (had !== undefined || bytesMax < 0) return had;
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile() || before.size > bytesMax) return undefined;
    const hash = await digest(file, Number(before.size));
    const identity = identityOf(before);
    if (identityOf(await file.stat({ bigint: true })) !== identity) return undefined;
    known.set(identity, hash);
    if (known.size > knownMax) known.delete(known.keys().next().value!);
    return hash;
  } finally {
    await file.close();
  }
}

/** The time of the last change of the inode cannot be set back by who writes the file. */
function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

async function digest(file: FileHandle, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, bytes + 1));
  for (let read = 0; read <= bytes; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, read);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    read += bytesRead;
  }
  return hash.digest('hex');
}
