// The Prometheus and Alertmanager of two generations that tests run against: unpacked once into .cache/engine, found there afterwards.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPackages } from '../compose/engine/unpack.ts';
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

const folder = process.env['ODYSSEY_TEST_ENGINES'] ?? join(root, '.cache/engine');

/** Suites with what they bring; both need only libc 2.34. */
const suites = [
  { suite: 'trixie', name: 'Prometheus 2.53' },
  { suite: 'sid', name: 'Prometheus 3.5' },
] as const;

/** The first is for tests that need just one. */
export const engines: readonly TestEngine[] = suites
  .map(({ suite, name }) => engineIn(join(folder, suite), name))
  .filter(({ prometheus, amtool }) => existsSync(prometheus) && existsSync(amtool));

/** Downloads what is not there yet; resolves to what could not be had, in sentences. */
export async function ensureTestEngines(progress: (line: string) => void): Promise<string[]> {
  const problems: string[] = [];
  for (const { suite, name } of suites) {
    try {
      await unpackPackages({
        from: { kind: 'suite', suite },
        packages: ['prometheus', 'promtool', 'prometheus-alertmanager'],
        optional: [],
        relocations: [{ program: 'usr/bin/prometheus-alertmanager', path: '/usr/share/prometheus/alertmanager' }],
        into: join(folder, suite),
        progress,
      });
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
    }
  }
  return problems;
}

function engineIn(cwd: string, name: string): TestEngine {
  const program = (file: string) => join(cwd, 'usr/bin', file);
  return {
    name,
    prometheus: program('prometheus'),
    promtool: program('promtool'),
    alertmanager: program('prometheus-alertmanager'),
    amtool: program('amtool'),
    cwd,
  };
}
