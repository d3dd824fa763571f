// Routes that cannot be are refused with a sentence: names that a file would read otherwise, and things that two deployments want.
import { expect, test } from 'vitest';
import { refuseRoutes } from '../../../../web/server/ingress/check-routes.ts';
import type { IngressRoute } from '../../../../web/server/ingress/port.ts';
import { routeOf } from './rig.ts';

const route = (change: Partial<IngressRoute> = {}) => routeOf({ taskPort: 8080 }, change);
const revision = (change: object) => ({ revision: 'r1', service: 'shop-r1', replicasMax: 3, ...change });
const odd = [
  ...[
    '',
    '-shop',
    'shop-',
    'Shop',
    'shop_1',
    'shop r1',
    'shop\nbackend x',
    'a'.repeat(41),
    'shop.example',
    'shöp',
    'shop#',
  ],
  ...['$(id)', '"', "'", '\\', '%[env]', '../x', 'shop\u0000'],
];

test('what deployments use passes', () => {
  expect(refuseRoutes([])).toBeUndefined();
  expect(refuseRoutes([route(), route({ deployment: 'blog', hosts: [], stable: undefined })])).toBeUndefined();
  expect(refuseRoutes([route({ canary: { revision: 'r2', share: 10_000 }, healthPath: undefined })])).toBeUndefined();
});

test.each(odd)('a deployment is not called %j', (deployment) => {
  expect(refuseRoutes([{ ...route(), deployment }])).toMatch(/is no name for a deployment/);
});

test.each(
  [...odd, 'shop.test:80', 'shop..test', '*.test', 'SHOP.test', '.test', '[::1]'].filter(
    (one) => one !== 'shop.example',
  ),
)('a host is not %j', (host) => {
  const fine = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(host);
  expect(refuseRoutes([route({ hosts: [host] })]) === undefined).toBe(fine);
});

test.each(['', 'healthz', '/a b', '/a\nb', '/#', '/"', "/'", '/$HOME', '/\\', `/${'a'.repeat(256)}`])(
  'a path is not %j',
  (healthPath) => {
    expect(refuseRoutes([route({ healthPath })])).toMatch(/is no path/);
  },
);

test.each([
  { given: 'a port of 0', change: { port: 0 }, says: /no port/ },
  {
    given: 'a revision that listens on port 0',
    change: { revisions: [revision({ listens: { port: 0, healthPath: undefined } })] },
    says: /no port/,
  },
  { given: 'a network of the host', change: { network: 'host' }, says: /is no network/ },
  {
    given: 'a revision with a word',
    change: { revisions: [revision({ revision: 'latest' })] },
    says: /is no revision/,
  },
  { given: 'a service with a space', change: { revisions: [revision({ service: 'shop r1' })] }, says: /is no service/ },
  { given: 'no replicas', change: { revisions: [revision({ replicasMax: 0 })] }, says: /from 1 to 250/ },
  { given: 'half a replica', change: { revisions: [revision({ replicasMax: 1.5 })] }, says: /from 1 to 250/ },
  { given: 'a revision twice', change: { revisions: [revision({}), revision({})] }, says: /lists r1 twice/ },
  { given: 'a stable revision that is none', change: { stable: 'r9' }, says: /points to "r9"/ },
  { given: 'a canary that is none', change: { canary: { revision: 'r9', share: 1 } }, says: /points to "r9"/ },
  {
    given: 'a canary that is stable',
    change: { canary: { revision: 'r1', share: 1 } },
    says: /as its stable revision and/,
  },
  { given: 'a share beyond the whole', change: { canary: { revision: 'r2', share: 10_001 } }, says: /whole number/ },
  { given: 'a share of none', change: { canary: { revision: 'r2', share: Number.NaN } }, says: /whole number/ },
  { given: '51 hosts', change: { hosts: Array.from({ length: 51 }, (_, at) => `h${at}.test`) }, says: /more than 50/ },
])('$given is refused', ({ change, says }) => {
  expect(refuseRoutes([route(change)])).toMatch(says);
});

test('two deployments want the same', () => {
  expect(refuseRoutes([route(), route()])).toMatch(/Two deployments are called shop/);
  const other = route({ deployment: 'blog', hosts: ['blog.test', 'shop.test'] });
  expect(refuseRoutes([route(), other])).toBe('The host shop.test is claimed twice, by shop and blog.');
  expect(refuseRoutes([route({ hosts: ['a.test', 'a.test'] })])).toMatch(/a.test is claimed twice, by shop/);
});
