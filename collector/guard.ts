// The cardinality guard: refuses samples that a source must not emit and cuts a metric that has too many series.
import type { Sample } from '../core/contracts/sample.ts';
import type { Source } from './source.ts';

/** Series of one metric that are exported; the rest is counted. */
export const seriesMax = 10_000;
/** Metrics of containers multiply by interfaces and devices. */
export const containerSeriesMax = 50_000;

/**
 * The samples within the caps, and how many were beyond. Throws on a metric that the source does not declare and on a
 * value that is not finite: both are mistakes of the source, and its failure is better than a wrong series.
 */
export function guardSamples(source: Source, samples: readonly Sample[]): { kept: Sample[]; dropped: number } {
  const counts = new Map<string, number>(source.metrics.map((metric) => [metric.name, 0]));
  const kept: Sample[] = [];
  for (const one of samples) {
    const count = counts.get(one.name);
    if (count === undefined) throw new Error(`${source.name} emitted ${one.name}, which it does not declare`);
    if (!Number.isFinite(one.value)) throw new Error(`${source.name} emitted ${one.name} with value ${one.value}`);
    counts.set(one.name, count + 1);
    if (count < capOf(one.name)) kept.push(one);
  }
  return { kept, dropped: samples.length - kept.length };
}

function capOf(metric: string): number {
  return metric.startsWith('container_') ? containerSeriesMax : seriesMax;
}
