// The collector as the starter starts it, flags and settings alike, with its compile cache warm.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExposition } from '../../../collector/exposition.ts';
import { root } from '../../../compose/place.ts';
import { frugalMalloc, nodeFlags } from '../../../compose/start/plan.ts';
import { type Exporter, type Start, startExporter } from '../../bench/exporter.ts';

type Environment = Readonly<Record<string, string>>;

/** Once and stopped again: the compile cache is written when it ends. */
export async function warmCollector(cache: string): Promise<void> {
  await withCollector(cache, { DOCKER_HOST: `unix://${cache}/none.sock` }, (collector) => collector.scrape('/metrics'));
}

function collectorIn(cache: string, environment: Environment): Start {
  return {
    name: 'collector',
    file: process.execPath,
    args: () => [...nodeFlags, join(root, 'collector/main.ts')],
    environment: (port) => ({
      ...frugalMalloc,
      COLLECTOR_PORT: String(port),
      ODYSSEY_DATA: cache,
      NODE_COMPILE_CACHE: join(cache, 'compile'),
      NODE_ENV: 'production',
      LOG_LEVEL: 'error',
      ...environment,
    }),
    readyPath: '/ready',
  };
}

/** Its data and its compile cache are in `cache`, which all runs share. */
export async function withCollector<T>(
  cache: string,
  environment: Environment,
  use: (collector: Exporter) => Promise<T>,
): Promise<T> {
  mkdirSync(cache, { recursive: true });
  const collector = await startExporter(collectorIn(cache, environment));
  try {
    return await use(collector);
  } finally {
    await collector.stop();
  }
}

/** A folder with a short path: sockets lie in it. */
export const withFolder = <T>(use: (folder: string) => Promise<T>) => withFolderIn(tmpdir(), use);

/** In memory where the machine has such a place: files of /proc are not read from a disk either. */
export const withMemoryFolder = <T>(use: (folder: string) => Promise<T>) =>
  withFolderIn(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), use);

async function withFolderIn<T>(place: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(place, 'ody-prove-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function scrapeSamples(collector: Exporter) {
  return parseExposition(await collector.scrape('/metrics')).samples;
}

export const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 1000));
