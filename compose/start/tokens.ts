// The secrets by which our processes know each other: one file each, made once, readable by their group only.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes `<runDir>/<name>.token` (32 random bytes in hex) where it is not there yet. */
export function makeTokens(runDir: string, names: readonly string[]): void {
  for (const name of names) {
    const path = join(runDir, `${name}.token`);
    if (existsSync(path)) continue;
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o640 });
    chmodSync(path, 0o640); // whatever the umask took away
  }
}
