// npm run check: types, types of the console, lint and unused code; all are run, and any of them fails it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../place.ts';

const checks = [
  { name: 'types', script: 'typescript/bin/tsc', args: ['-p', '.'] },
  {
    name: 'console types',
    script: 'svelte-check/bin/svelte-check',
    args: ['--tsconfig', 'web/console/tsconfig.json', '--fail-on-warnings'],
  },
  { name: 'lint', script: '@biomejs/biome/bin/biome', args: ['check', '.'] },
  { name: 'unused code', script: 'knip/bin/knip.js', args: [] },
] as const;

let failures = 0;
for (const { name, script, args } of checks) {
  const code = await runScript(script, args);
  process.stdout.write(`${name}: ${code === 0 ? 'clean' : 'not clean'}\n`);
  if (code !== 0) failures++;
}
process.exitCode = failures === 0 ? 0 : 1;

function runScript(script: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
