// The ingress as the control plane opens it: without engine or image it says what is missing, and people read of their environments alone.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../../core/runtime/clock.ts';
import { createLog } from '../../../../core/runtime/log.ts';
import type { Act } from '../../../../web/server/audit/log.ts';
import { createBrokerEngine } from '../../../../web/server/engine/broker-engine.ts';
import type { IngressSettings } from '../../../../web/server/ingress/container-spec.ts';
import { type OpenIngress, openIngress } from '../../../../web/server/ingress/open.ts';
import { makeCertificate } from '../../../../web/server/tls/certificate.ts';
import { openPlane } from '../plane.ts';
import { routeOf } from './rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'ody-open-'));
let ingress: OpenIngress | undefined;
afterEach(async () => {
  await ingress?.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings: IngressSettings = {
  ...{ image: '', ports: { http: 80, https: 443 }, metricsPort: 8404, networks: [] },
  mounts: { kind: 'bind', configuration: join(folder, 'haproxy'), sockets: join(folder, 'run/haproxy') },
  user: { uid: 1, gid: 1 },
};

function open(change: { dataFolder?: string; image?: string; clock?: Clock } = {}): Promise<OpenIngress> {
  const { dataFolder = folder, image = 'haproxy:3.0', clock = systemClock } = change;
  const engine = createBrokerEngine(join(folder, 'nobody.sock'));
  const log = createLog('test', 'error');
  const audit = { open: (act: Act) => Promise.resolve({ ...act, seq: 1 }), close: () => Promise.resolve() };
  const credentials = () => undefined;
  return openIngress({
    ...{ dataFolder, engine, audit, credentials, clock, log },
    settings: { ...settings, image },
  });
}

test('nothing is needed, nothing is told to be down', async () => {
  ingress = await open();
  expect(await ingress.port.apply([])).toMatchObject({ kind: 'idle' });
  expect(ingress.render()).not.toContain('ingress_up');
  expect(readFileSync(join(folder, 'config/targets/ingress.json'), 'utf8')).toBe('[]\n');
});

test('routes without an engine are told what they lack', async () => {
  ingress = await open();
  const route = routeOf({ taskPort: 80 });
  expect(await ingress.port.apply([route])).toMatchObject({
    reason: expect.stringContaining('Without a Docker engine'),
  });
  expect(ingress.render()).toContain('ingress_up 0\n');
  expect(ingress.render()).toContain('ingress_errors_total{environment="e1",deployment="shop",revision="r1"} 0\n');
  expect(await ingress.port.setStable('shop', 'r1')).toMatchObject({ kind: 'failed' });
  expect(await ingress.port.untilUp('shop', 'r1', 1, 0)).toBeUndefined();
});

test('what HAProxy said a minute ago is not known any more', async () => {
  let now = 1_000;
  ingress = await open({ clock: { ...systemClock, monotonicSeconds: () => now } });
  await ingress.port.apply([routeOf({ taskPort: 80 })]);
  now += 60;
  expect(ingress.render()).toContain('ingress_up 0\n');
  now += 1;
  expect(ingress.render()).not.toContain('ingress_up 0');
  await ingress.port.read();
  expect(ingress.render()).toContain('ingress_up 0\n');
});

test('certificates are told as they lie in their folder now', async () => {
  ingress = await open();
  const put = (text: string) => writeFileSync(join(folder, 'haproxy/certs/shop.pem'), text);
  expect(ingress.render()).not.toContain('ingress_certificate_usable{');
  const { certificate, key } = makeCertificate(['shop.test'], 1_800_000_000);
  put(certificate + key);
  const expiry = Date.parse(new X509Certificate(certificate).validTo) / 1000;
  expect(ingress.render()).toContain(`ingress_certificate_expiry_timestamp_seconds{file="shop.pem"} ${expiry}\n`);
  put('noise');
  expect(ingress.render()).toContain('ingress_certificate_usable{file="shop.pem"} 0\n');
  rmSync(join(folder, 'haproxy/certs'), { recursive: true });
  writeFileSync(join(folder, 'haproxy/certs'), 'no folder');
  expect(ingress.render()).toContain('ingress_log_lines_total{result="counted"} 0\n');
  expect(ingress.render()).not.toContain('ingress_certificate_usable{');
});

test('a folder whose sockets would have too long a path is told, and everything else opens', async () => {
  const deep = join(folder, 'x'.repeat(100));
  ingress = await open({ dataFolder: deep, image: `sha256:${'a'.repeat(64)}` });
  expect(ingress.problem).toContain('shorter data folder');
  expect(await ingress.port.apply([routeOf({ taskPort: 80 })])).toMatchObject({
    kind: 'failed',
    reason: ingress.problem,
  });
});

test('people see the deployments of environments that they may read', async () => {
  const plane = await openPlane();
  try {
    const other = (await plane.admin.call('POST', '/environments', { name: 'other' })).body.id as string;
    const route = (deployment: string, environment: string) => ({
      ...routeOf({ taskPort: 80 }, { deployment }),
      environment,
    });
    await plane.plane.ingress.port.apply([route('shop', plane.defaultEnvironment), route('blog', other)]);
    const reader = await plane.person('reader', [{ environment: other, role: 'read-only' }]);
    const names = (answer: { body: { deployments: { deployment: string }[] } }) =>
      answer.body.deployments.map(({ deployment }) => deployment);
    expect(names(await plane.admin.call('GET', '/ingress'))).toEqual(['shop', 'blog']);
    const seen = await reader.call('GET', '/ingress');
    expect(seen.body).toMatchObject({ state: 'down', version: null });
    expect(names(seen)).toEqual(['blog']);
    expect((await plane.admin.call('GET', '/ingress/certificates')).body).toEqual({ items: [] });
    expect((await reader.call('GET', '/ingress/certificates')).status).toBe(403);
  } finally {
    await plane.close();
  }
});
