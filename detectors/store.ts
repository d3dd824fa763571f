// Saved models on disk: one file a model, replaced whole or not at all, refused when anything about it is wrong.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MODEL_BYTES_MAX } from './models/codec.ts';
import type { ModelPlace, ModelStore } from './ports.ts';

/** Models of things that are gone are kept this long, in case they come back. */
const keptDays = 30;

class Refused extends Error {}

/**
 * Files `<folder>/<detector>/<digest of key and metric>.model`, and the one before it as `.previous`. A refused file is
 * moved aside to `.refused`, one a model. Saving: temporary file, sync, rename, sync of the folder, read back.
 */
export function createStore(folder: string): ModelStore {
  return {
    async load(place, decode) {
      const file = fileOf(folder, place);
      const refused: { file: string; reason: string }[] = [];
      for (const candidate of [file, `${file}.previous`]) {
        try {
          const bytes = await readWhole(candidate);
          if (bytes !== undefined) return { model: decode(bytes), refused };
        } catch (error) {
          refused.push({ file: candidate, reason: (error as Error).message });
          await rename(candidate, `${file}.refused`);
        }
      }
      return { model: undefined, refused };
    },
    async save(place, bytes) {
      const file = fileOf(folder, place);
      await mkdir(dirname(file), { recursive: true, mode: 0o750 });
      const temporary = `${file}.tmp`;
      await rm(temporary, { force: true });
      await writeSynced(temporary, bytes);
      await renameIfThere(file, `${file}.previous`); // a crash right here leaves the previous one, which is loaded
      await rename(temporary, file);
      await syncFolder(dirname(file));
      const back = await readWhole(file);
      if (back === undefined || Buffer.compare(back, bytes) !== 0) throw new Error(`${file} reads back changed`);
    },
  };
}

/** At start: removes what a crash in the middle of a save left behind, and models that nobody has used for a month. */
export async function tidyStore(folder: string, nowSeconds: number): Promise<void> {
  for (const detector of await readdirIfThere(folder)) {
    for (const name of await readdirIfThere(join(folder, detector))) {
      const path = join(folder, detector, name);
      const { mtimeMs } = await lstat(path);
      const old = nowSeconds - mtimeMs / 1000 > keptDays * 86_400;
      if (name.endsWith('.tmp') || old) await rm(path, { force: true });
    }
  }
}

function fileOf(folder: string, { detector, modelKey, metric }: ModelPlace): string {
  const digest = createHash('sha256').update(`${modelKey}\n${metric}`).digest('hex').slice(0, 40);
  return join(folder, detector, `${digest}.model`);
}

/** Undefined when there is no such file; throws when there is one that is not ours, too large or cannot be read. */
async function readWhole(file: string): Promise<Uint8Array | undefined> {
  let handle: FileHandle;
  try {
    // non-blocking: a pipe put in the file's place must not hang the start
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Refused(code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be opened (${code})`, { cause: error });
  }
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new Refused('it is not a regular file');
    if (status.uid !== process.getuid?.()) throw new Refused(`it belongs to another user (${status.uid})`);
    if (status.size === 0) throw new Refused('it is empty');
    if (status.size > MODEL_BYTES_MAX) throw new Refused(`it is too large (${status.size} bytes)`);
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function readdirIfThere(folder: string): Promise<string[]> {
  try {
    return (await stat(folder)).isDirectory() ? await readdir(folder) : [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
