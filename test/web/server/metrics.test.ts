// The control plane's own figures: counted by declared route, and unknown where the log cannot be read.
import { expect, test } from 'vitest';
import { HttpMetrics } from '../../../web/server/metrics.ts';

const live = { sockets: 3, droppedTotal: 2, cutTotal: { 'too-slow': 1 } };

test('calls are counted by method, route and status', () => {
  const metrics = new HttpMetrics();
  const route = { method: 'get', path: '/people/:person' };
  metrics.count(route, 200, 0.25);
  metrics.count(route, 200, 0.25);
  metrics.count(route, 404, 1);
  const text = metrics.render({ records: 7, writable: true, anchored: [{ target: 'file:/a', size: 5 }] }, live);
  expect(text).toContain('odyssey_http_requests_total{method="get",route="/people/:person",status="200"} 2');
  expect(text).toContain('odyssey_http_request_seconds_total{method="get",route="/people/:person",status="200"} 0.5');
  expect(text).toContain('odyssey_audit_records 7');
  expect(text).toContain('odyssey_live_cut_total{reason="too-slow"} 1');
  expect(text).toContain('odyssey_audit_anchored_records{target="file:/a"} 5');
});

test('a log that cannot be read has no size, not size 0', () => {
  const text = new HttpMetrics().render({ records: undefined, writable: false, anchored: [] }, live);
  expect(text).toContain('odyssey_audit_writable 0');
  expect(text).not.toContain('odyssey_audit_records');
});
