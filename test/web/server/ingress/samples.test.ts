// The metrics of the ingress: a histogram that adds up, and a HAProxy that is not needed is not told as down.
import { expect, test } from 'vitest';
import { renderExposition } from '../../../../core/lib/promtext.ts';
import { createFigures, durationEdges } from '../../../../web/server/ingress/figures.ts';
import { ingressMetrics, ingressSamples } from '../../../../web/server/ingress/samples.ts';

const lines = { counted: 3, unrouted: 2, malformed: 1 };

test('requests by class, errors, retries and a histogram whose buckets grow up to the count', () => {
  const figures = createFigures();
  const request = { deployment: 'shop', revision: 'r1', status: 200, milliseconds: 2, retries: 1 };
  for (const milliseconds of [2, 2, 100_000]) figures.record({ ...request, milliseconds }, 0);
  const text = renderExposition(
    ingressMetrics,
    ingressSamples(
      figures.all(() => 'e1'),
      lines,
      true,
    ),
  );
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
  expect(text).toContain('ingress_up 1\n');
});

test('without need there is no word about it being up', () => {
  expect(renderExposition(ingressMetrics, ingressSamples([], lines, undefined))).not.toContain('ingress_up');
  expect(renderExposition(ingressMetrics, ingressSamples([], lines, false))).toContain('ingress_up 0\n');
});
