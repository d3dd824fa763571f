// Overviews for tests of the console: a calm machine with two containers, and what can be changed in it.
import type { Overview } from '../../../web/console/values/health.ts';

export const known = <T>(items: T[]) => ({ state: 'known' as const, items });
export const silent = { state: 'unknown' as const, reason: 'Prometheus does not answer' };
export const value = (number: number) => ({ state: 'known' as const, value: number });
export const series = (name: string, score: number | null, more = {}) => ({
  ...{
    detector: 'container' as const,
    labels: { instance: 'h1', name },
    metric: 'memory',
    unit: 'bytes',
    mode: 'model' as const,
  },
  ...{
    reason: null,
    warmingSecondsLeft: null,
    value: 1,
    rarity: null,
    expectedLow: null,
    expectedHigh: null,
    contributions: [],
  },
  ...{ score, alert: { raised: false, sinceSeconds: null }, lastSampleSeconds: 1, lastEvaluationSeconds: 1, ...more },
});
export const detector = (name: 'gpu' | 'container', more = {}) => ({
  ...{
    state: 'known' as const,
    detector: name,
    ready: true,
    prometheusAnswering: true,
    series: 3,
    warming: 0,
    unknown: 0,
  },
  ...more,
});

export const calm: Overview = {
  atSeconds: 1_800_000_000,
  nodes: known([
    { instance: 'h1', cpuRatio: value(0.4), memoryRatio: value(0.5), diskRatio: value(0.6), load1: value(1) },
  ]),
  containers: known([
    { instance: 'h1', name: 'api', cpuCores: value(0.5), memoryBytes: value(1e9) },
    { instance: 'h1', name: 'db', cpuCores: value(0.5), memoryBytes: value(1e9) },
  ]),
  gpus: known([]),
  targets: known([{ job: 'node', instance: 'h1', up: true }]),
  alerts: known([]),
  bill: known([{ job: 'node', memoryBytes: value(5e7), cpuCores: silent }]),
  anomalies: {
    atSeconds: 1,
    detectors: [detector('container')],
    items: [series('api', 40), series('db', 10)],
    omitted: 0,
    things: { total: 2, judged: 2, unusual: 0 },
  },
};

/** What a rule may leave out. */
export const quiet = { since: null, summary: null, description: null };
