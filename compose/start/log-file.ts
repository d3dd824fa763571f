// A child's output on disk, bounded: when the file is full it becomes NAME.1 and the oldest is dropped.
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

export interface LogFile {
  write(chunk: Uint8Array): void;
  close(): void;
}

/**
 * Appends to a file of at most `bytesMax`, with `keep` older ones beside it. What the disk refuses is dropped and tried anew with the next
 * chunk: a full disk must end neither the child nor us; the doctor and an alert say that it is full.
 */
export function openLogFile(path: string, bytesMax: number, keep: number): LogFile {
  let file: number | undefined;
  let bytes = existsSync(path) ? statSync(path).size : 0;
  const open = (): number => {
    file = openSync(path, 'a', 0o640);
    return file;
  };
  const close = () => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  const rotate = () => {
    close();
    rmSync(`${path}.${keep}`, { force: true });
    for (let age = keep - 1; age >= 0; age--) {
      const older = age === 0 ? path : `${path}.${age}`;
      if (existsSync(older)) renameSync(older, `${path}.${age + 1}`);
    }
    bytes = 0;
  };
  return {
    write(chunk) {
      try {
        if (bytes > 0 && bytes + chunk.byteLength > bytesMax) rotate();
        const into = file ?? open();
        bytes += writeSync(into, chunk);
      } catch {
        // As said above: dropped.
      }
    },
    close,
  };
}
