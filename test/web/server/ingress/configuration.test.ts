// The configuration: the same routes give the same text, and only backends and what needs them change it.
import { expect, test } from 'vitest';
import {
  backendOf,
  containerPlaces,
  renderConfiguration,
  revisionOf,
} from '../../../../web/server/ingress/configuration.ts';
import type { IngressRoute } from '../../../../web/server/ingress/port.ts';
import { routeOf } from './rig.ts';

const route = (change: Partial<IngressRoute> = {}) => routeOf({ taskPort: 8080 }, change);
const render = (routes: readonly IngressRoute[], tls = false) =>
  renderConfiguration({ routes, tls, description: 'mark', places: containerPlaces });

test('a backend finds its tasks by name and asks for their health', () => {
  const text = render([route()]);
  expect(text).toContain(`backend be_shop_r2
  balance leastconn
  option httpchk
  http-check send meth GET uri / ver HTTP/1.1 hdr Host shop.test
  default-server check inter 1s fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down
  server-template s 1-6 tasks.shop-r2:8080 resolvers swarm resolve-prefer ipv4 init-addr last,none
`);
  expect(render([route({ healthPath: undefined })])).not.toContain('http-check');
});

test.each([
  ['another stable revision', { stable: 'r2' }, true],
  ['a canary', { canary: { revision: 'r2', share: 5_000 } }, true],
  ['another host', { hosts: ['shop.test', 'other.test'] }, true],
  ['another port', { port: 9090 }, false],
  ['another health check', { healthPath: '/up' }, false],
  ['sticky clients', { sticky: true }, false],
  ['a revision less', { revisions: route().revisions.slice(0, 1) }, false],
])('%s needs a reload: %j', (_, change, same) => {
  expect(render([route(change)]) === render([route()])).toBe(same);
});

test('TLS is listened for only with certificates', () => {
  expect(render([])).not.toContain(':8443');
  expect(render([], true)).toContain('bind :8443 ssl crt-list /etc/haproxy/certs.list');
});

test('cookies are for sticky deployments alone, in lines that HAProxy takes', () => {
  expect(render([route()])).not.toContain('cook');
  const many = Array.from({ length: 70 }, (_, at) => route({ deployment: `d${at}`, sticky: at !== 3 }));
  const lines = render(many)
    .split('\n')
    .filter((line) => line.includes('acl sticky'));
  expect(lines).toHaveLength(3);
  expect(lines.join(' ').match(/\bd\d+\b/g)).toHaveLength(69);
  expect(Math.max(...lines.map((line) => line.trim().split(' ').length))).toBeLessThan(64);
  expect(lines.join(' ')).not.toMatch(/\bd3\b/);
});

test('a backend of a revision reads back, anything else does not', () => {
  expect(revisionOf(backendOf('my-shop-2', 'r12'))).toEqual({ deployment: 'my-shop-2', revision: 'r12' });
  for (const name of ['apps', 'be_shop', 'be_shop_latest', 'be_a_b_r1']) expect(revisionOf(name)).toBeUndefined();
});
