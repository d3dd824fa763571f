// The figures of the request log as metrics, by revision.
import { counter, gauge, histogram, type Metric, type Sample, sample } from '../../../core/contracts/sample.ts';
import { codeClasses, durationEdges, type RevisionFigures } from './figures.ts';
import type { LineCounts } from './request-log.ts';

export const ingressMetrics: readonly Metric[] = [
  gauge('ingress_up', '1 while HAProxy answers; absent where nothing needs it.'),
  counter('ingress_requests_total', 'Requests by revision and class of status; none: no answer was sent.'),
  counter('ingress_errors_total', 'Requests that ended with a status of 500 or more, or with none.'),
  counter('ingress_retries_total', 'Times that a request was sent again, to the same server or another.'),
  histogram('ingress_request_duration_seconds', 'From the first byte of a request to the last of its answer.'),
  counter('ingress_log_lines_total', 'Lines of the request log by what became of them.'),
];

export function ingressSamples(
  figures: readonly RevisionFigures[],
  lines: LineCounts,
  up: boolean | undefined,
): Sample[] {
  return [
    ...(up === undefined ? [] : [sample('ingress_up', up ? 1 : 0)]),
    ...figures.flatMap(samplesOf),
    ...Object.entries(lines).map(([result, count]) => sample('ingress_log_lines_total', count, { result })),
  ];
}

function samplesOf(figures: RevisionFigures): Sample[] {
  const { environment, deployment, revision } = figures;
  const of = { environment, deployment, revision };
  const name = 'ingress_request_duration_seconds';
  let below = 0;
  const buckets = figures.buckets.map((count, at) => {
    below += count;
    return sample(`${name}_bucket`, below, { ...of, le: edges[at]! });
  });
  return [
    ...codeClasses.map((code_class) =>
      sample('ingress_requests_total', figures.requests[code_class], { ...of, code_class }),
    ),
    sample('ingress_errors_total', figures.errors, of),
    sample('ingress_retries_total', figures.retries, of),
    ...buckets,
    sample(`${name}_sum`, figures.durationSeconds, of),
    sample(`${name}_count`, below, of),
  ];
}

const edges = [...durationEdges.map(String), '+Inf'];
