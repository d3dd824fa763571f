// How a deployment did over a time, each revision beside the other: what was asked of it, how that ended, and what it took.
import type { z } from 'zod';
import type { deploymentHistory, deploymentHistoryQuery } from '../../../core/contracts/api-watch.ts';
import type { Prometheus, RangeSeries } from '../../../core/runtime/prometheus.ts';
import { pointsOf } from './anomalies.ts';
import { rangeOf, windowSecondsOf } from './metric-history.ts';
import { selector } from './promql.ts';

type Query = z.infer<typeof deploymentHistoryQuery>;
type DeploymentHistory = z.infer<typeof deploymentHistory>;
interface Deployment {
  environment: string;
  deployment: string;
}

interface Metric {
  metric: string;
  unit: string;
  /** The label that names the revision. */
  by: string;
  expression(of: Deployment, seconds: number): string;
}

/** The newest ones: more lines cannot be told apart. */
const revisionsMax = 8;

const byIngress = 'revision';
const byContainer = 'container_label_odyssey_revision';
const ofContainers = ({ environment, deployment }: Deployment) => ({
  container_label_odyssey_environment: environment,
  container_label_odyssey_deployment: deployment,
});
const asked = (name: string, of: Deployment, seconds: number) =>
  `sum by (revision) (rate(${selector(name, { ...of })}[${seconds}s]))`;

/** A share of no requests is no number, and so no point: nobody asked, so nothing failed and nothing was well. */
const metrics: readonly Metric[] = [
  {
    ...{ metric: 'requests', unit: 'per second', by: byIngress },
    expression: (of, seconds) => asked('ingress_requests_total', of, seconds),
  },
  {
    ...{ metric: 'errors', unit: 'ratio', by: byIngress },
    expression: (of, seconds) =>
      `${asked('ingress_errors_total', of, seconds)} / ${asked('ingress_requests_total', of, seconds)}`,
  },
  {
    ...{ metric: 'latency_p95', unit: 'seconds', by: byIngress },
    expression: (of, seconds) => {
      const buckets = selector('ingress_request_duration_seconds_bucket', { ...of });
      return `histogram_quantile(0.95, sum by (revision, le) (rate(${buckets}[${seconds}s])))`;
    },
  },
  {
    ...{ metric: 'replicas', unit: 'count', by: byContainer },
    // At the moment, not over the window: one that crashed and its successor are no two replicas.
    expression: (of) => `count by (${byContainer}) (${selector('container_start_time_seconds', ofContainers(of))})`,
  },
  {
    ...{ metric: 'cpu', unit: 'cores', by: byContainer },
    expression: (of, seconds) =>
      `sum by (${byContainer}) (rate(${selector('container_cpu_usage_seconds_total', ofContainers(of))}[${seconds}s]))`,
  },
  {
    ...{ metric: 'memory', unit: 'bytes', by: byContainer },
    expression: (of) => `sum by (${byContainer}) (${selector('container_memory_working_set_bytes', ofContainers(of))})`,
  },
];

/** Points by revision, newest first, in the metric's unit. Throws UserError for a span that cannot be. */
export async function readDeploymentHistory(
  prometheus: Prometheus,
  of: Deployment,
  query: Query,
): Promise<DeploymentHistory> {
  const range = rangeOf(query);
  const seconds = windowSecondsOf(query);
  const found = await Promise.all(
    metrics.map(({ expression }) => prometheus.queryRange(expression(of, seconds), range)),
  );
  const revisions = newest(found.flatMap((series, place) => series.map((one) => one.labels[metrics[place]!.by] ?? '')));
  const shown = revisions.slice(0, revisionsMax);
  return {
    metrics: metrics.map(({ metric, unit, by }, place) => ({
      ...{ metric, unit },
      series: shown.map((revision) => ({ revision, value: pointsOf(ofRevision(found[place]!, by, revision)) })),
    })),
    omitted: revisions.length - shown.length,
  };
}

function ofRevision(series: readonly RangeSeries[], by: string, revision: string): RangeSeries[] {
  return series.filter(({ labels }) => labels[by] === revision);
}

/** Each once, r12 before r9; what is no revision is left out. */
function newest(names: readonly string[]): string[] {
  return [...new Set(names)]
    .filter((name) => /^r\d+$/.test(name))
    .sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
}
