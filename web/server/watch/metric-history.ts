// How the values of one container, GPU or machine came, each with the band that its detector expected; what was not measured is a gap.
import type { z } from 'zod';
import type { metricHistory, metricQuery } from '../../../core/contracts/api-watch.ts';
import type { Prometheus } from '../../../core/runtime/prometheus.ts';
import { UserError } from '../user-error.ts';
import { pointsOf } from './anomalies.ts';
import { selector } from './promql.ts';

type Query = z.infer<typeof metricQuery>;
type MetricHistory = z.infer<typeof metricHistory>;
type Labels = Readonly<Record<string, string>>;

interface Metric {
  /** As the detector calls it, where one judges it. */
  metric: string;
  unit: string;
  expression(labels: Labels, seconds: number): string;
}
interface Kind {
  /** The label that names one. */
  label: string;
  detector: 'container' | 'gpu' | undefined;
  metrics: readonly Metric[];
}

/** A chart has 240 points; nobody can see so many. */
const stepsMax = 2_000;
const restartsMax = 50;
/** Two scrapes must lie within, however fine the step. */
const windowSecondsMin = 60;

/** A mean over the step and not the value before it: where nothing was scraped there is nothing, at once. */
const mean = (name: string) => (labels: Labels, seconds: number) =>
  `max by (instance) (avg_over_time(${selector(name, labels)}[${seconds}s]))`;
const rate = (name: string) => (labels: Labels, seconds: number) =>
  `sum by (instance) (rate(${selector(name, labels)}[${seconds}s]))`;
const share = (left: string, whole: string) => (labels: Labels, seconds: number) => {
  const over = (name: string) => `avg_over_time(${selector(name, labels)}[${seconds}s])`;
  return `max by (instance) (1 - ${over(left)} / ${over(whole)})`;
};

const kinds: Readonly<Record<Query['of'], Kind>> = {
  container: {
    ...{ label: 'name', detector: 'container' },
    metrics: [
      { metric: 'cpu', unit: 'cores', expression: rate('container_cpu_usage_seconds_total') },
      { metric: 'memory', unit: 'bytes', expression: mean('container_memory_working_set_bytes') },
      { metric: 'network_receive', unit: 'bytes/s', expression: rate('container_network_receive_bytes_total') },
      { metric: 'network_transmit', unit: 'bytes/s', expression: rate('container_network_transmit_bytes_total') },
    ],
  },
  gpu: {
    ...{ label: 'uuid', detector: 'gpu' },
    metrics: [
      { metric: 'utilization', unit: 'ratio', expression: mean('nvidia_smi_utilization_gpu_ratio') },
      { metric: 'temperature', unit: 'celsius', expression: mean('nvidia_smi_temperature_gpu') },
      { metric: 'power', unit: 'watts', expression: mean('nvidia_smi_power_draw_watts') },
    ],
  },
  node: {
    ...{ label: 'instance', detector: undefined },
    metrics: [
      {
        ...{ metric: 'cpu', unit: 'ratio' },
        expression: (labels, seconds) =>
          `1 - avg by (instance) (rate(${selector('node_cpu_seconds_total', { ...labels, mode: 'idle' })}[${seconds}s]))`,
      },
      {
        ...{ metric: 'memory', unit: 'ratio' },
        expression: share('node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'),
      },
      {
        ...{ metric: 'fullest_disk', unit: 'ratio' },
        // File systems that live in memory or in an image are not filled by anybody.
        expression: (labels, seconds) => {
          const over = (name: string) =>
            `avg_over_time(${selector(name, labels).slice(0, -1)},fstype!~"tmpfs|ramfs|overlay|squashfs"}[${seconds}s])`;
          return `max by (instance) (1 - ${over('node_filesystem_avail_bytes')} / ${over('node_filesystem_size_bytes')})`;
        },
      },
    ],
  },
};

/** Values with their bands as points in the metric's unit, and when the thing was started. Throws UserError for a span that cannot be. */
export async function readMetricHistory(prometheus: Prometheus, query: Query): Promise<MetricHistory> {
  const range = rangeOf(query);
  const { label, detector, metrics } = kinds[query.of];
  const labels = { [label]: query.id, ...(query.instance && { instance: query.instance }) };
  const ask = (expression: string) => prometheus.queryRange(expression, range);
  const judged = { ...labels, [label]: lastingName(query.id), ...(detector && { detector }) };
  const bandOf = (name: string) => (detector === undefined ? [] : ask(`max by (metric) (${selector(name, judged)})`));
  const seconds = windowSecondsOf(query);
  const [values, low, high, starts] = await Promise.all([
    Promise.all(metrics.map(({ expression }) => ask(expression(labels, seconds)))),
    bandOf('anomaly_expected_low'),
    bandOf('anomaly_expected_high'),
    query.of === 'container' ? ask(`max by (instance) (${selector('container_start_time_seconds', labels)})`) : [],
  ]);
  return {
    metrics: metrics.map(({ metric, unit }, place) => {
      const of = (series: typeof low) => pointsOf(series.filter((one) => one.labels['metric'] === metric));
      return { metric, unit, value: pointsOf(values[place]!), expectedLow: of(low), expectedHigh: of(high) };
    }),
    starts: [...new Set(pointsOf(starts).map(([, startedAt]) => startedAt))]
      .filter((at) => at >= query.start && at <= query.end)
      .sort((a, b) => a - b)
      .slice(-restartsMax),
  };
}

type Span = Pick<Query, 'start' | 'end' | 'step'>;

/** Throws UserError for an end before the start, and for more steps than a chart has. */
export function rangeOf({ start, end, step }: Span): Parameters<Prometheus['queryRange']>[1] {
  if (end <= start || (end - start) / step > stepsMax)
    throw new UserError(422, 'bad-range', `Give an end after the start, and at most ${stepsMax} steps between them.`);
  return { startSeconds: start, endSeconds: end, stepSeconds: step };
}

/** What one point is a mean of. */
export function windowSecondsOf({ step }: Span): number {
  return Math.max(windowSecondsMin, step);
}

/** A swarm task's name ends in an id of 25 characters that is new with every task; the detector judges what stays. */
function lastingName(name: string): string {
  return name.replace(/\.[a-z0-9]{25}$/, '');
}
