// Files of test/fixtures as the table that a fake machine is made of.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../fixtures');

export function fixture(path: string): string {
  return readFileSync(join(fixtures, path), 'utf8');
}

/** Every file below the folder, as if it lay at `at`. */
export function fixtureTree(folder: string, at: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(join(fixtures, folder), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[at + path.slice(join(fixtures, folder).length)] = readFileSync(path, 'utf8');
  }
  return files;
}

/** The shortest of up to three runs in milliseconds: on a busy machine any one of them may have waited for its turn. */
export function fastestMs(run: () => void, enoughMs: number): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && fastest > enoughMs; attempt++) {
    const started = performance.now();
    run();
    fastest = Math.min(fastest, performance.now() - started);
  }
  return fastest;
}
