// A week of made-up machine life: five series of each group of processes, the same whether read as history or scraped now.
import { createRandom, randomNormal } from '../../../core/lib/random.ts';

export const rowSeconds = 60;
export const groups = ['postgres', 'nginx', 'worker', 'cron'] as const;

/** The four gauges and the counter of a group, in process-exporter's names. */
const gauges = [
  { name: 'namedprocess_namegroup_memory_bytes', labels: ',memtype="resident"', level: 4e8, swing: 0.1, noise: 0.02 },
  { name: 'namedprocess_namegroup_num_threads', labels: '', level: 60, swing: 0.2, noise: 0.05 },
  { name: 'namedprocess_namegroup_open_filedesc', labels: '', level: 300, swing: 0.3, noise: 0.05 },
  { name: 'namedprocess_namegroup_num_procs', labels: '', level: 20, swing: 0.05, noise: 0.03 },
] as const;
const counter = {
  name: 'namedprocess_namegroup_cpu_seconds_total',
  labels: ',mode="user"',
  level: 0.4,
  swing: 0.4,
  noise: 0.1,
};

interface Fault {
  group: string;
  metric: 'memory';
  /** What the ordinary value is multiplied by. */
  factor: number;
  startSeconds: number;
  endSeconds: number;
}

export interface Life {
  startSeconds: number;
  rows: number;
  faults: Fault[];
  /** Rows of each series; the counter's are rates. */
  series: LifeSeries[];
}

interface LifeSeries {
  group: string;
  name: string;
  labels: string;
  counter: boolean;
  values: Float64Array;
  /** Of a counter: its level at the start of each row. */
  sums: Float64Array;
}

/** Season of a day, a slow wander and noise: each minute hangs on the one before, as on a real machine. */
export function liveLife(startSeconds: number, rows: number, seed: number, names: readonly string[] = groups): Life {
  const series = names.flatMap((group, index) =>
    [...gauges, counter].map((shape, position) => {
      const random = createRandom(seed + index * 100 + position);
      const phase = random() * 2 * Math.PI;
      const values = new Float64Array(rows);
      let wander = 0;
      for (let row = 0; row < rows; row++) {
        const day = (2 * Math.PI * (startSeconds + row * rowSeconds)) / 86_400;
        wander = 0.9 * wander + shape.noise * randomNormal(random) * 0.5;
        values[row] = shape.level * (1 + shape.swing * Math.sin(day + phase) + wander);
      }
      const sums = new Float64Array(shape === counter ? rows + 1 : 0);
      for (let row = 0; row + 1 < sums.length; row++)
        sums[row + 1] = sums[row]! + Math.max(0, values[row]!) * rowSeconds;
      return { group, name: shape.name, labels: shape.labels, counter: shape === counter, values, sums };
    }),
  );
  return { startSeconds, rows, faults: [], series };
}

/** The lines of an exposition at one time, in the order of the series. */
export function linesAt(life: Life, timeSeconds: number): string[] {
  return life.series.map((series) => {
    const { name, group, labels } = series;
    return `${name}{groupname="${group}"${labels}} ${valueAt(life, series, timeSeconds)}`;
  });
}

/** OpenMetrics text for promtool in parts of one series each: every series whole before the next one begins, as the format demands. */
export function* openMetrics(life: Life, untilSeconds: number): Generator<string> {
  for (const shape of [...gauges, counter]) {
    const counts = shape === counter;
    yield `# TYPE ${counts ? shape.name.replace(/_total$/, '') : shape.name} ${counts ? 'counter' : 'gauge'}\n`;
    for (const series of life.series.filter(({ name }) => name === shape.name)) {
      const head = `${series.name}{instance="here",job="node",groupname="${series.group}"${series.labels}}`;
      let lines = '';
      for (let time = life.startSeconds; time <= untilSeconds; time += rowSeconds) {
        lines += `${head} ${valueAt(life, series, time)} ${time}\n`;
      }
      yield lines;
    }
  }
  yield '# EOF\n';
}

function valueAt(life: Life, { group, name, counter: counts, values, sums }: LifeSeries, timeSeconds: number): number {
  const at = Math.min(life.rows - 1, Math.max(0, (timeSeconds - life.startSeconds) / rowSeconds));
  const row = Math.floor(at);
  if (counts) return sums[row]! + (at - row) * (sums[row + 1]! - sums[row]!);
  const fault = life.faults.find(
    (each) =>
      each.group === group &&
      name === gauges[0].name &&
      timeSeconds >= each.startSeconds &&
      timeSeconds < each.endSeconds,
  );
  return values[row]! * (fault?.factor ?? 1);
}
