// Gets Chromium where the tests find none: from the distribution, as root, nothing that is there replaced.
import { run } from '../../compose/engine/run.ts';
import { findChromium } from './chromium.ts';

const updateSeconds = 180;
const installSeconds = 600;

/** Undefined where it is there now, else a sentence on what to do. */
export async function ensureChromium(say: (line: string) => void): Promise<string | undefined> {
  if (findChromium() !== undefined) return undefined;
  if (process.getuid?.() !== 0)
    return 'there is no Chromium and only root can install it: sudo apt-get install chromium';
  say('installing Chromium from the distribution (about 100 MB) …');
  const install = () =>
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', '--no-remove', 'chromium'], {
      timeoutSeconds: installSeconds,
    });
  let ran = await install();
  if (ran.code !== 0) {
    await run('apt-get', ['update', '-q'], { timeoutSeconds: updateSeconds });
    ran = await install();
  }
  if (findChromium() !== undefined) return undefined;
  return `Chromium cannot be installed: ${ran.output.trim().split('\n').at(-1) ?? `apt-get ended with ${ran.code}`}`;
}
