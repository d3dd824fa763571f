// Proof of the collector: beside the exporters it replaces, with real engines, in a crowd, in trouble, and every promised name.

import { run as compare } from '../bench/collector.ts';
import { startDockerEngine } from '../engine/docker-engine.ts';
import { proveContainers } from './collector/containers.ts';
import { proveCrowd } from './collector/crowd.ts';
import { proveEngines } from './collector/engines.ts';
import { provePresence } from './collector/present.ts';
import { warmCollector, withFolder } from './collector/started.ts';
import { proveSuites } from './collector/suites.ts';
import { proveTrouble } from './collector/trouble.ts';
import { type Figure, unmeasured } from './figure.ts';

type Progress = (line: string) => void;

export async function run(progress: Progress): Promise<Figure[]> {
  return withFolder(async (cache) => {
    await warmCollector(cache);
    const figures = await compare(progress);
    figures.push(...(await proveOnOneEngine(cache, progress)));
    figures.push(...(await proveEngines(cache, progress)));
    figures.push(...(await proveCrowd(cache, progress)));
    return [...figures, ...(await proveSuites(progress))];
  });
}

/** What needs real containers, whatever the engine's version. */
async function proveOnOneEngine(cache: string, progress: Progress): Promise<Figure[]> {
  const start = await startDockerEngine({ suite: 'trixie', store: 'overlay2', bridge: true });
  if (start.kind === 'absent') return [unmeasured('collector.containers', start.reason)];
  const { engine } = start;
  const figures: Figure[] = [];
  try {
    for (const prove of [proveContainers, provePresence, proveTrouble]) {
      figures.push(
        ...(await prove(engine, cache, progress).catch((error: Error) => [
          unmeasured(`collector.${prove.name}`, error.message),
        ])),
      );
    }
  } finally {
    await engine.stop();
  }
  return figures;
}
