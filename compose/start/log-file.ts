// A child's output on disk, bounded: when the file is full it becomes NAME.1 and the oldest is dropped.
import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export interface LogFile {
  write(chunk: Uint8Array): void;
  close(): void;
}

/** Opens for appending; `keep` older files of at most `bytesMax` stay beside it. What the disk refuses is dropped: the child must go on. */
export function openLogFile(path: string, bytesMax: number, keep: number): LogFile {
  let file = openSync(path, 'a', 0o640);
  let bytes = fstatSync(file).size;
  const rotate = () => {
    closeSync(file);
    rmSync(`${path}.${keep}`, { force: true });
    for (let age = keep - 1; age >= 0; age--) {
      const older = age === 0 ? path : `${path}.${age}`;
      if (existsSync(older)) renameSync(older, `${path}.${age + 1}`);
    }
    file = openSync(path, 'a', 0o640);
    bytes = 0;
  };
  return {
    write(chunk) {
      try {
        if (bytes > 0 && bytes + chunk.byteLength > bytesMax) rotate();
        bytes += writeSync(file, chunk);
      } catch {
        // A full disk: the doctor and an alert say so; there is no place left to say it here.
      }
    },
    close: () => closeSync(file),
  };
}
