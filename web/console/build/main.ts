// npm run build [-- --force]: builds the console into web/console/dist where it is absent or older than its sources.
import { join } from 'node:path';
import { digestSources, isFresh, markFresh } from './freshness.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'web/console/dist');
const digest = digestSources(root);
if (isFresh(folder, digest) && !process.argv.includes('--force')) {
  process.stdout.write('The console is built.\n');
} else {
  process.stdout.write('Building the console …\n');
  const began = performance.now();
  const { bundle } = await import('./bundle.ts'); // the bundler is large and mostly not needed
  await bundle(folder);
  markFresh(folder, digest);
  process.stdout.write(`Built the console in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
}
