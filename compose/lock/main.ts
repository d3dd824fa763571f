// npm run lock: writes package-lock.json for what package.json says, with the pinned Node's npm, and trims it so that `npm ci` takes it everywhere.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../place.ts';
import { type Lockfile, trimLockfile } from './trim.ts';

const path = join(root, 'package-lock.json');
const environment = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
// Under an older Node npm would quietly choose older packages.
const { status } = spawnSync('npm', ['install', '--package-lock-only'], {
  cwd: root,
  env: environment,
  stdio: 'inherit',
});
if (status === 0) {
  const { lockfile, left } = trimLockfile(JSON.parse(readFileSync(path, 'utf8')) as Lockfile);
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  process.stdout.write(`package-lock.json is written; ${left.length} names of other platforms' packages left out.\n`);
}
process.exitCode = status ?? 1;
