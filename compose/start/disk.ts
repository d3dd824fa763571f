// What the disk below a folder of Prometheus can still take, and what it holds there already.
import { type Dirent, readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { retentionBytes } from './retention.ts';

/** Bytes that Prometheus may keep in `folder`; throws where that cannot be looked into. */
export function readRetention(folder: string, bytesMax?: number): number {
  const { bavail, bsize } = statfsSync(folder);
  return retentionBytes(bavail * bsize, heldBytes(folder), bytesMax);
}

/** Prometheus may be at work meanwhile: what goes away under our eyes counts as nothing. */
function heldBytes(folder: string): number {
  const sizes = entriesOf(folder).map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return heldBytes(path);
    return entry.isFile() ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
  });
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
