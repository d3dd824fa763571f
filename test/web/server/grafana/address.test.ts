// What counts as a change to Grafana: everything that is not a read or one of the known questions.
import { expect, test } from 'vitest';
import { changes } from '../../../../web/server/grafana/address.ts';

test.each([
  { method: 'GET', address: '/grafana/api/dashboards/uid/x', is: false },
  { method: 'HEAD', address: '/grafana/', is: false },
  { method: 'POST', address: '/grafana/api/ds/query?ds_type=prometheus', is: false },
  { method: 'POST', address: '/grafana/api/datasources/uid/odyssey-prometheus/resources/api/v1/labels', is: false },
  { method: 'POST', address: '/grafana/api/frontend-metrics', is: false },
  {
    method: 'POST',
    address: '/grafana/apis/features.grafana.app/v0alpha1/namespaces/default/ofrep/v1/evaluate/flags',
    is: false,
  },
  { method: 'PUT', address: '/grafana/api/ds/query', is: true },
  { method: 'POST', address: '/grafana/api/ds/query/more', is: true },
  { method: 'POST', address: '/grafana/api/dashboards/db', is: true },
  { method: 'DELETE', address: '/grafana/api/dashboards/uid/x', is: true },
  { method: 'PATCH', address: '/grafana/apis/dashboard.grafana.app/v1/namespaces/default/dashboards/x', is: true },
  { method: 'POST', address: '/grafana/api/datasources', is: true },
])('$method $address: $is', ({ method, address, is }) => {
  expect(changes(method, address)).toBe(is);
});
