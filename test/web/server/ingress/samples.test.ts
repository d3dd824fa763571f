// The metrics of the ingress: a histogram that adds up, servers up beside those wanted, certificates, and what is not known absent.
import { expect, test } from 'vitest';
import { renderExposition } from '../../../../core/lib/promtext.ts';
import { createFigures, durationEdges } from '../../../../web/server/ingress/figures.ts';
import type { IngressReading } from '../../../../web/server/ingress/port.ts';
import { type IngressState, ingressMetrics, ingressSamples } from '../../../../web/server/ingress/samples.ts';
import { fakeIngress } from '../../../fakes/ingress.ts';
import { routeOf } from './rig.ts';

const nothing: IngressState = {
  ...{ figures: [], routes: [], reading: undefined, certificates: [] },
  lines: { counted: 3, unrouted: 2, malformed: 1 },
};
const route = routeOf({ taskPort: 80 });

function render(state: Partial<IngressState>): string {
  return renderExposition(ingressMetrics, ingressSamples({ ...nothing, ...state }));
}

/** As HAProxy would say after these routes, with so many servers up in each backend. */
async function serving(serversUp: number): Promise<IngressReading> {
  const fake = fakeIngress();
  fake.serversUp = serversUp;
  await fake.apply([route]);
  return fake.read();
}

test('requests by class, errors, retries and a histogram whose buckets grow up to the count', () => {
  const figures = createFigures();
  const request = { deployment: 'shop', revision: 'r1', status: 200, milliseconds: 2, retries: 1 };
  for (const milliseconds of [2, 2, 100_000]) figures.record({ ...request, milliseconds }, 0);
  const text = render({ figures: figures.all(() => 'e1') });
  const of = 'environment="e1",deployment="shop",revision="r1"';
  expect(text).toContain(`ingress_requests_total{${of},code_class="2xx"} 3\n`);
  expect(text).toContain(`ingress_retries_total{${of}} 3\n`);
  expect(text).toContain(`ingress_errors_total{${of}} 0\n`);
  expect(text).toContain('# TYPE ingress_request_duration_seconds histogram\n');
  expect(text).toContain(`ingress_request_duration_seconds_bucket{${of},le="60"} 2\n`);
  expect(text).toContain(`ingress_request_duration_seconds_bucket{${of},le="+Inf"} 3\n`);
  expect(text).toContain(`ingress_request_duration_seconds_count{${of}} 3\n`);
  expect(text).toContain(`ingress_request_duration_seconds_sum{${of}} 100.004\n`);
  expect(text.match(/_bucket\{/g)).toHaveLength(durationEdges.length + 1);
  expect(text).toContain('ingress_log_lines_total{result="malformed"} 1\n');
});

const of = (revision: string) => `{environment="e1",deployment="shop",revision="${revision}"}`;
const down: IngressReading = { kind: 'down', reason: 'it is gone' };
const current = { ...(await serving(0)), current: true, requestsTotal: 7 } as IngressReading;

test.each([
  { given: 'no need of it', state: { reading: current }, told: [], untold: ['ingress_up', 'ingress_servers'] },
  { given: 'nobody who could ask', state: { routes: [route] }, told: [], untold: ['ingress_up', 'ingress_servers'] },
  {
    given: 'a HAProxy that does not answer',
    state: { routes: [route], reading: down },
    told: ['ingress_up 0', `ingress_servers_wanted${of('r1')} 2`],
    untold: ['ingress_servers_up', 'ingress_current', 'ingress_haproxy_requests_total'],
  },
  {
    given: 'a stable revision without a server',
    state: { routes: [route], reading: current },
    told: [
      ...['ingress_up 1', 'ingress_current 1', 'ingress_haproxy_requests_total 7'],
      ...[`ingress_servers_up${of('r1')} 0`, `ingress_servers_wanted${of('r1')} 2`],
    ],
    untold: [`ingress_servers_wanted${of('r2')}`],
  },
  {
    given: 'nothing that serves yet',
    state: { routes: [{ ...route, stable: undefined }], reading: current },
    told: [`ingress_servers_up${of('r2')} 0`],
    untold: ['ingress_servers_wanted'],
  },
])('with $given', ({ state, told, untold }) => {
  const lines = render(state).split('\n');
  for (const line of told) expect(lines).toContain(line);
  for (const start of untold) expect(lines.filter((line) => line.startsWith(start))).toEqual([]);
});

test('a certificate says until when it holds; a file that is none says that', () => {
  const certificate = { names: ['shop.test'], fingerprint: 'AB', notBefore: '2026-01-01T00:00:00.000Z' };
  const text = render({
    certificates: [
      { file: 'shop.pem', kind: 'usable', ...certificate, notAfter: '2027-01-15T08:00:00.000Z' },
      { file: 'noise.pem', kind: 'unusable', reason: 'this is no certificate' },
    ],
  });
  expect(text).toContain('ingress_certificate_usable{file="shop.pem"} 1\n');
  expect(text).toContain('ingress_certificate_expiry_timestamp_seconds{file="shop.pem"} 1800000000\n');
  expect(text).toContain('ingress_certificate_usable{file="noise.pem"} 0\n');
  expect(text).not.toContain('expiry_timestamp_seconds{file="noise.pem"}');
  expect(render({ certificates: undefined })).not.toContain('certificate_usable{');
});
