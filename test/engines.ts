// The Prometheus and Alertmanager of two generations that tests run against: unpacked once into .cache/engine, found there afterwards.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getEngine } from '../compose/engine/engines.ts';
import { root } from '../compose/place.ts';

export interface TestEngine {
  /** As it reads in a test's name. */
  name: string;
  prometheus: string;
  promtool: string;
  alertmanager: string;
  amtool: string;
  /** The folder that Alertmanager must be started in. */
  cwd: string;
}

/** Laid out as the product lays out `data/engine`. */
export const enginesFolder = join(root, '.cache/engine');

/** Suites with what they bring; both need only libc 2.34. */
const suites = [
  { suite: 'trixie', name: 'Prometheus 2.53' },
  { suite: 'sid', name: 'Prometheus 3.5' },
] as const;

/** Those that are there now; the first is for tests that need just one. */
export function findEngines(): readonly TestEngine[] {
  return suites
    .map(({ suite, name }) => engineIn(join(enginesFolder, suite), name))
    .filter(({ prometheus, amtool }) => existsSync(prometheus) && existsSync(amtool));
}

/** Those that were there when the tests began. */
export const engines: readonly TestEngine[] = findEngines();

/** Downloads what is not there yet; resolves to what could not be had, in sentences. */
export async function ensureTestEngines(progress: (line: string) => void): Promise<string[]> {
  const problems: string[] = [];
  for (const { suite, name } of suites) {
    for (const program of ['prometheus', 'alertmanager'] as const) {
      const found = await getEngine(program, { kind: 'suite', suite }, enginesFolder, progress);
      if (found.kind === 'missing') problems.push(`${program} of ${name}: ${found.reason}`);
    }
  }
  return problems;
}

function engineIn(suiteFolder: string, name: string): TestEngine {
  const cwd = join(suiteFolder, 'alertmanager');
  return {
    name,
    prometheus: join(suiteFolder, 'prometheus/usr/bin/prometheus'),
    promtool: join(suiteFolder, 'prometheus/usr/bin/promtool'),
    alertmanager: join(cwd, 'usr/bin/prometheus-alertmanager'),
    amtool: join(cwd, 'usr/bin/amtool'),
    cwd,
  };
}
