// Whether a built console is that of the sources beside it: a digest of everything that goes into the build, kept with the result.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const stampName = 'built-from.txt';

/** Digest of the sources, the contracts they share with the server, and the locked packages. */
export function digestSources(root: string): string {
  const console = join(root, 'web/console');
  const files = [
    ...listSources(console).filter((file) => !relative(console, file).startsWith('dist')),
    ...listSources(join(root, 'core/contracts')),
    join(root, 'package-lock.json'),
  ].sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

export function isFresh(folder: string, digest: string): boolean {
  const stamp = join(folder, stampName);
  return existsSync(join(folder, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
}

/** Written last: a build that was interrupted is not fresh. */
export function markFresh(folder: string, digest: string): void {
  writeFileSync(join(folder, stampName), digest);
}
