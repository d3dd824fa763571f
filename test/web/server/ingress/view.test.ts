// What people see: HAProxy's own words beside what was asked for, and unknown where it says nothing.
import { expect, test } from 'vitest';
import { certificateView, ingressView } from '../../../../core/contracts/ingress.ts';
import type { IngressReading } from '../../../../web/server/ingress/port.ts';
import { viewCertificate, viewIngress } from '../../../../web/server/ingress/view.ts';
import { routeOf } from './rig.ts';

const recent = { requests: 4, errors: 1, p50Seconds: 0.1, p95Seconds: 0.2, p99Seconds: 0.3 };
const facts = {
  routes: [routeOf({ taskPort: 1 })],
  ports: { http: 80, https: 443 },
  lines: { counted: 1, unrouted: 0, malformed: 0 },
  recent: () => recent,
};
const backend = {
  ...{ deployment: 'shop', revision: 'r1', serversUp: 2, down: [], sessions: 0, queued: 0, sessionsTotal: 0 },
  ...{ requestsTotal: 0, connectErrorsTotal: 0, responseErrorsTotal: 0, retriesTotal: 0, redispatchesTotal: 0 },
};
const serving: IngressReading = {
  ...{ kind: 'serving', version: '3.0.11', current: true, worker: '1@2', requestsTotal: 9, hosts: new Map() },
  pointings: [{ deployment: 'shop', stable: 'r1', canary: undefined, share: 0 }],
  backends: [backend],
};

test('serving: maps and servers as HAProxy says; a revision without a backend is unknown', () => {
  const view = ingressView.parse(viewIngress({ ...facts, reading: serving }));
  expect(view).toMatchObject({ state: 'serving', reason: null, current: true });
  expect(view.deployments).toMatchObject([
    {
      ...{ deployment: 'shop', hosts: ['shop.test'], stable: 'r1', canary: null, share: 0 },
      revisions: [
        { revision: 'r1', serversUp: 2, recent },
        { revision: 'r2', serversUp: null },
      ],
    },
  ]);
});

test('down: nothing is told as zero', () => {
  const reading: IngressReading = { kind: 'down', reason: 'HAProxy does not answer: it is gone' };
  const view = ingressView.parse(viewIngress({ ...facts, reading }));
  expect(view).toMatchObject({ state: 'down', reason: reading.reason, version: null, current: null });
  expect(view.deployments[0]).toMatchObject({
    stable: null,
    share: null,
    revisions: [{ serversUp: null }, { serversUp: null }],
  });
  expect(viewIngress({ ...facts, routes: [], reading })).toMatchObject({ state: 'idle', reason: null });
});

test('a certificate, and a file that is none', () => {
  const good = {
    file: 'a.pem',
    kind: 'usable' as const,
    fingerprint: 'AB',
    names: ['a.test'],
    notBefore: 'x',
    notAfter: 'y',
  };
  expect(certificateView.parse(viewCertificate(good))).toMatchObject({ names: ['a.test'], problem: null });
  const bad = viewCertificate({ file: 'b.pem', kind: 'unusable', reason: 'no key' });
  expect(certificateView.parse(bad)).toMatchObject({ notAfter: null, problem: 'no key' });
});
