// Metrics that other programs leave as *.prom files in a folder, such as those of backup jobs.
import { gauge, type Metric, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseExposition } from '../exposition.ts';
import type { Machine, Source } from '../source.ts';

const own: readonly Metric[] = [
  gauge('node_textfile_scrape_error', '1 where a file of the folder could not be used, else 0.'),
];
const filesMax = 100;

/** What the files name is known only when they are read, so the list of metrics changes; names of other sources are refused. */
export function createTextfile(folder: string, taken: ReadonlySet<string>): Source {
  const source: Source = {
    name: 'textfile',
    metrics: own,
    async read(machine) {
      const metrics = new Map(own.map((metric) => [metric.name, metric]));
      const samples: Sample[] = [];
      let failed = 0;
      for (const path of promFiles(machine, folder)) {
        try {
          const read = parseExposition(await machine.readTextSlowly(path));
          refuse(path, read.metrics, taken);
          for (const metric of read.metrics) metrics.set(metric.name, metrics.get(metric.name) ?? metric);
          samples.push(...read.samples.filter(({ value }) => Number.isFinite(value)));
        } catch {
          failed = 1; // a broken file costs itself; that one is broken is what the error series is for
        }
      }
      source.metrics = [...metrics.values()];
      return [...samples, sample('node_textfile_scrape_error', failed)];
    },
  };
  return source;
}

function promFiles({ list }: Machine, folder: string): string[] {
  if (folder === '') return [];
  const files = list(folder).filter((name) => name.endsWith('.prom'));
  return files
    .sort()
    .slice(0, filesMax)
    .map((name) => `${folder}/${name}`);
}

function refuse(path: string, metrics: readonly Metric[], taken: ReadonlySet<string>): void {
  const twice = metrics.find(({ name }) => taken.has(name) || own.some((metric) => metric.name === name));
  if (twice !== undefined) throw new Error(`${path} has ${twice.name}, which the collector exports itself`);
}
