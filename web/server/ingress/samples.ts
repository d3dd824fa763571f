// The ingress as metrics: the request log by revision, what HAProxy says of itself and its servers, and its certificates.
import { counter, gauge, histogram, type Metric, type Sample, sample } from '../../../core/contracts/sample.ts';
import type { CertificateFile } from './certificates.ts';
import { codeClasses, durationEdges, type RevisionFigures } from './figures.ts';
import type { IngressReading, IngressRoute } from './port.ts';
import type { LineCounts } from './request-log.ts';

export const ingressMetrics: readonly Metric[] = [
  gauge('ingress_up', '1 while HAProxy answers; absent where nothing needs it, or while nobody could ask.'),
  gauge('ingress_current', '1 while HAProxy has all that was written for it and sends its request log.'),
  gauge('ingress_servers_up', 'Servers of a revision that pass their check.'),
  gauge('ingress_servers_wanted', 'Servers that shall answer for the stable revision; 0 while it is stopped.'),
  counter(
    'ingress_haproxy_requests_total',
    'Requests that HAProxy has taken; each leaves a line in its log at its end.',
  ),
  counter('ingress_requests_total', 'Requests by revision and class of status; none: no answer was sent.'),
  counter('ingress_errors_total', 'Requests that ended with a status of 500 or more, or with none.'),
  counter('ingress_retries_total', 'Times that a request was sent again, to the same server or another.'),
  histogram('ingress_request_duration_seconds', 'From the first byte of a request to the last of its answer.'),
  counter('ingress_log_lines_total', 'Lines of the request log by what became of them.'),
  gauge('ingress_certificate_usable', '1 if HAProxy can load the file; absent while the folder cannot be read.'),
  gauge('ingress_certificate_expiry_timestamp_seconds', 'Until when the certificate of a file holds.'),
];

export interface IngressState {
  figures: readonly RevisionFigures[];
  lines: LineCounts;
  routes: readonly IngressRoute[];
  /** Undefined while it is not known what HAProxy says now. */
  reading: IngressReading | undefined;
  /** Undefined where they cannot be read. */
  certificates: readonly CertificateFile[] | undefined;
}

export function ingressSamples({ figures, lines, routes, reading, certificates }: IngressState): Sample[] {
  return [
    ...(reading === undefined || routes.length === 0 ? [] : haproxySamples(reading, routes)),
    ...figures.flatMap(samplesOf),
    ...Object.entries(lines).map(([result, count]) => sample('ingress_log_lines_total', count, { result })),
    ...(certificates ?? []).flatMap(certificateSamples),
  ];
}

function haproxySamples(reading: IngressReading, routes: readonly IngressRoute[]): Sample[] {
  const wanted = routes.flatMap(({ environment, deployment, stable: revision, replicas }) =>
    revision === undefined ? [] : [sample('ingress_servers_wanted', replicas, { environment, deployment, revision })],
  );
  if (reading.kind === 'down') return [sample('ingress_up', 0), ...wanted];
  const environments = new Map(routes.map(({ deployment, environment }) => [deployment, environment]));
  const up = reading.backends.flatMap(({ deployment, revision, serversUp }) => {
    const environment = environments.get(deployment);
    return environment === undefined
      ? []
      : [sample('ingress_servers_up', serversUp, { environment, deployment, revision })];
  });
  return [
    sample('ingress_up', 1),
    sample('ingress_current', reading.current ? 1 : 0),
    sample('ingress_haproxy_requests_total', reading.requestsTotal),
    ...wanted,
    ...up,
  ];
}

function certificateSamples(certificate: CertificateFile): Sample[] {
  const { file } = certificate;
  if (certificate.kind === 'unusable') return [sample('ingress_certificate_usable', 0, { file })];
  const expiry = Date.parse(certificate.notAfter) / 1000;
  return [
    sample('ingress_certificate_usable', 1, { file }),
    sample('ingress_certificate_expiry_timestamp_seconds', expiry, { file }),
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
