// A week of made-up machine life: twenty series of four groups of processes, the same whether read as history or scraped now.
import { createRandom, randomNormal } from '../../../core/lib/random.ts';

export const rowSeconds = 60;
export const groups = ['postgres', 'nginx', 'worker', 'cron'] as const;
type Group = (typeof groups)[number];

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
  group: Group;
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
  series: { group: Group; name: string; labels: string; counter: boolean; values: Float64Array; sums: Float64Array }[];
}

/** Season of a day, a slow wander and noise: each minute hangs on the one before, as on a real machine. */
export function liveLife(startSeconds: number, rows: number, seed: number): Life {
  const series = groups.flatMap((group, index) =>
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
      const sums = new Float64Array(rows + 1);
      for (let row = 0; row < rows; row++) sums[row + 1] = sums[row]! + Math.max(0, values[row]!) * rowSeconds;
      return { group, name: shape.name, labels: shape.labels, counter: shape === counter, values, sums };
    }),
  );
  return { startSeconds, rows, faults: [], series };
}

/** The lines of an exposition at one time, in the order of the series. */
export function linesAt(life: Life, timeSeconds: number): string[] {
  const at = Math.min(life.rows - 1, Math.max(0, (timeSeconds - life.startSeconds) / rowSeconds));
  const row = Math.floor(at);
  return life.series.map(({ group, name, labels, counter: counts, values, sums }) => {
    const fault = life.faults.find(
      (each) =>
        each.group === group &&
        name === gauges[0].name &&
        timeSeconds >= each.startSeconds &&
        timeSeconds < each.endSeconds,
    );
    const value = counts
      ? sums[row]! + (at - row) * (sums[row + 1]! - sums[row]!)
      : values[row]! * (fault?.factor ?? 1);
    return `${name}{groupname="${group}"${labels}} ${value}`;
  });
}

/** OpenMetrics text for promtool, every series whole before the next one begins, as the format demands. */
export function openMetrics(life: Life, untilSeconds: number): string {
  const names = [...new Set(life.series.map(({ name }) => name))];
  const times: number[] = [];
  for (let time = life.startSeconds; time <= untilSeconds; time += rowSeconds) times.push(time);
  const lines = times.map((time) => linesAt(life, time));
  const parts: string[] = [];
  for (const name of names) {
    const counts = life.series.find((series) => series.name === name)!.counter;
    parts.push(`# TYPE ${counts ? name.replace(/_total$/, '') : name} ${counts ? 'counter' : 'gauge'}`);
    for (const [index, series] of life.series.entries()) {
      if (series.name !== name) continue;
      for (const [at, time] of times.entries()) {
        const line = lines[at]![index]!.replace('{', '{instance="here",job="node",');
        parts.push(`${line} ${time}`);
      }
    }
  }
  return `${parts.join('\n')}\n# EOF\n`;
}
