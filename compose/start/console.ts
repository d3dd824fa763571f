// Has the console built where it is absent or older than its sources, by a process of its own: the bundler is large and not needed again.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const secondsMax = 180;

/** Tells each line of the build; false where it failed, and then the control plane serves the API and an older console, if any. */
export async function buildConsole(root: string, say: (line: string) => void): Promise<boolean> {
  const child = spawn(process.execPath, [join(root, 'web/console/build/main.ts')], {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: secondsMax * 1000 },
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
  });
  const told = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) if (line.trim() !== '') say(line);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (ended) => resolve(ended));
  });
  await Promise.all(told);
  if (code === 0) return true;
  say(
    `The console could not be built${code === null ? '' : ` (exit ${code})`}; its reason is above. The API works without it.`,
  );
  say('  Once it is mended: npm run build, then start again.');
  return false;
}
