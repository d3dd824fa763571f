// Asks mounted filesystems how full they are; a dead mount, which never answers, is asked once and holds one thread.
import { statfs } from 'node:fs/promises';
import type { FilesystemUse } from './source.ts';

/** Threads of the pool that dead mounts may hold; main.ts gives the pool more than this. */
const unansweredMax = 8;

/** The path is the process's own, host prefix included. Rejects with code ETIMEDOUT when late, and at once where an earlier call hangs still. */
export function createFilesystemUse(ask = statfs): (path: string, timeoutSeconds: number) => Promise<FilesystemUse> {
  const late = new Set<string>();
  return async (path, timeoutSeconds) => {
    if (late.has(path) || late.size >= unansweredMax) throw timedOut(path);
    const answer = ask(path);
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.add(path);
      const settled = () => late.delete(path);
      answer.then(settled, settled);
      reject(timedOut(path));
    }, timeoutSeconds * 1000);
    try {
      const { bsize, blocks, bfree, bavail, files, ffree } = await Promise.race([answer, timeout]);
      return { blockBytes: bsize, blocks, blocksFree: bfree, blocksAvailable: bavail, files, filesFree: ffree };
    } finally {
      clearTimeout(timer);
    }
  };
}

function timedOut(path: string): Error {
  return Object.assign(new Error(`${path} does not answer`), { code: 'ETIMEDOUT' });
}
