// The command as typed: --print changes nothing and shows what belongs to the verb.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../compose/place.ts';

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'compose/service/main.ts'), ...args], { encoding: 'utf8' });

test.each([
  { args: ['install', '--print'], status: 0, shows: /^\[Unit\]/, hides: /systemctl/ },
  { args: ['remove', '--print'], status: 0, shows: /^systemctl disable/, hides: /\[Unit\]/ },
  { args: ['--help'], status: 0, shows: /install\|remove.*\n[\s\S]*--data DIR[\s\S]*--print/, hides: /not known/ },
  { args: ['instal'], status: 1, shows: /install\|remove/, hides: /\[Unit\]/ },
])('$args', ({ args, status, shows, hides }) => {
  const ran = run(...args);
  expect(ran.status).toBe(status);
  expect(ran.stdout + ran.stderr).toMatch(shows);
  expect(ran.stdout + ran.stderr).not.toMatch(hides);
});
