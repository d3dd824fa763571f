// The file in which a person allows processes that look like threats: read anew at every round, refused when others could write it.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { type ThreatException, threatException } from '../../core/contracts/threats.ts';

const bytesMax = 2 ** 20;
const exceptionsMax = 1000;
const othersMayWrite = 0o022;
const list = z.array(threatException).max(exceptionsMax);

/** None without the file. Rejects with a sentence when it cannot be trusted or read: then nothing is allowed. */
export async function readExceptions(file: string): Promise<readonly ThreatException[]> {
  let handle: FileHandle;
  try {
    // non-blocking: a pipe put in the file's place must not hang the rounds
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new Error(`${file} is not a regular file`);
    const { mode, size, uid } = status;
    if (uid !== 0 && uid !== process.getuid?.()) throw new Error(`${file} belongs to another user (${uid})`);
    if ((mode & othersMayWrite) !== 0) throw new Error(`${file} may be written by others: chmod 600`);
    if (size > bytesMax) throw new Error(`${file} is larger than ${bytesMax} bytes`);
    return parse(file, await handle.readFile('utf8'));
  } finally {
    await handle.close();
  }
}

function parse(file: string, text: string): ThreatException[] {
  try {
    return list.parse(JSON.parse(text));
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const why = issue === undefined ? 'it is not JSON' : `${issue.path.join('.')}: ${issue.message}`;
    throw new Error(`${file} cannot be read: ${why}`, { cause: error });
  }
}
