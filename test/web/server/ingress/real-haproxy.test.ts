// A real HAProxy on loopback: what is applied is served, shares hold, changes lose no request, and every answer is counted.
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../../web/server/tls/certificate.ts';
import { lacksHaproxy } from '../../../engine/haproxy.ts';
import { load } from './load.ts';
import { type Rig, routeOf, startRig } from './rig.ts';

const lacking = lacksHaproxy();
const connections = 16;

describe.skipIf(lacking !== undefined)(`a real HAProxy${lacking === undefined ? '' : ` (skipped: ${lacking})`}`, () => {
  let rig: Rig;
  const ask = (requests: number, host = 'shop.test') =>
    load({ port: rig.port, host, connections, goOn: (sent) => sent < requests });
  beforeAll(async () => {
    rig = await startRig();
    await rig.serve('shop-r1', 2);
    await rig.serve('shop-r2', 2);
  }, 180_000);
  afterAll(() => rig.close());

  test('no routes need no HAProxy; the first brings it', async () => {
    expect(await rig.ingress.apply([])).toMatchObject({ kind: 'idle' });
    expect(await rig.ingress.read()).toMatchObject({ kind: 'down' });
    const applied = await rig.ingress.apply([routeOf(rig)]);
    expect(applied).toMatchObject({ kind: 'applied', reloaded: false, reading: { current: true } });
    const up = await rig.ingress.untilUp('shop', 'r2', 2, 10);
    expect(up).toMatchObject({ serversUp: 2, down: [], requestsTotal: 0 });
    expect(await rig.ingress.untilUp('shop', 'r1', 2, 10)).toMatchObject({ serversUp: 2 });
    expect((await ask(50)).answers).toEqual(new Map([['r1', 50]]));
    expect(await ask(1, 'other.test')).toMatchObject({ failures: ['404 '] });
    expect(await rig.ingress.apply([routeOf(rig)])).toMatchObject({ kind: 'applied', reloaded: false });
  });

  test('stable, canary and weight are map writes that are read back', async () => {
    expect(await rig.ingress.setCanary('shop', 'r2')).toEqual({
      kind: 'pointed',
      pointing: { deployment: 'shop', stable: 'r1', canary: 'r2', share: 0 },
    });
    expect(await rig.ingress.setWeight('shop', 10_000)).toMatchObject({ pointing: { share: 10_000 } });
    expect((await ask(50)).answers).toEqual(new Map([['r2', 50]]));
    expect(rig.files.read('weights.map')).toBe('shop 10000\n');
    expect(await rig.ingress.setStable('shop', 'r2')).toMatchObject({ pointing: { stable: 'r2' } });
    expect(await rig.ingress.setWeight('shop', 0)).toMatchObject({ pointing: { share: 0 } });
    expect(await rig.ingress.setCanary('shop', undefined)).toMatchObject({ pointing: { canary: undefined } });
    expect((await ask(50)).answers).toEqual(new Map([['r2', 50]]));
    expect(await rig.ingress.setStable('shop', 'r1')).toMatchObject({ kind: 'pointed' });
    expect((await ask(50)).answers).toEqual(new Map([['r1', 50]]));
    expect(await rig.ingress.setStable('shop', 'r9')).toMatchObject({ kind: 'failed' });
    expect(await rig.ingress.setStable('shop', 'r1; show env')).toMatchObject({ kind: 'failed' });
    expect(await rig.ingress.setWeight('shop', 10_001)).toMatchObject({ kind: 'failed' });
  });

  test('a quarter for the canary; each answer is counted for its revision', async () => {
    await rig.ingress.apply([routeOf(rig, { canary: { revision: 'r2', share: 2_500 } })]);
    const before = totals(rig);
    const taken = await requestsTaken(rig);
    const { answers, failed, total } = await ask(4_000);
    expect(failed).toBe(0);
    expect((await requestsTaken(rig)) - taken).toBe(total);
    expect(Math.abs(answers.get('r2')! / total - 0.25)).toBeLessThan(0.035); // 5 standard errors
    await expect.poll(() => totals(rig).r1! - before.r1!).toBe(answers.get('r1'));
    await expect.poll(() => totals(rig).r2! - before.r2!).toBe(answers.get('r2'));
    expect(rig.receiver.lines().malformed).toBe(0);
    const { p50Seconds, requests } = rig.figures.recent('shop', 'r1', performance.now() / 1000);
    expect(requests).toBeGreaterThan(2_000);
    expect(p50Seconds).toBeLessThan(1);
  }, 60_000);

  test('reloads and weights under load lose nothing', async () => {
    let busy = true;
    const loading = load({ port: rig.port, host: 'shop.test', connections, pauseMilliseconds: 20, goOn: () => busy });
    for (let round = 0; round < 3; round++) {
      const extra = routeOf(rig, { deployment: `extra-${round}`, stable: undefined });
      expect(await rig.ingress.apply([routeOf(rig), extra])).toMatchObject({ kind: 'applied', reloaded: true });
      for (let share = 1; share <= 5; share++)
        expect(await rig.ingress.setWeight('shop', share * 1_000)).toMatchObject({ kind: 'pointed' });
    }
    await sleep(500); // a fast machine is through with the changes before many requests were sent
    busy = false;
    const { failures, total } = await loading;
    expect(failures).toEqual([]);
    expect(total).toBeGreaterThan(200);
  }, 60_000);

  test('a configuration that HAProxy refuses is taken back, and the old one serves on', async () => {
    const good = rig.files.read('haproxy.cfg');
    const hosts = rig.files.read('hosts.map');
    const { resolver } = rig.places;
    rig.places.resolver = 'no-address';
    const applied = await rig.ingress.apply([routeOf(rig, { deployment: 'other' })]);
    rig.places.resolver = resolver;
    expect(applied).toMatchObject({ kind: 'failed', reason: expect.stringContaining('refused') });
    expect(rig.files.read('haproxy.cfg')).toBe(good);
    expect(rig.files.read('hosts.map')).toBe(hosts);
    expect((await ask(50)).failed).toBe(0);
    expect(await rig.ingress.apply([routeOf(rig)])).toMatchObject({ kind: 'applied' });
  });

  test('a certificate from a file brings TLS with a reload, a bad one beside it changes nothing', async () => {
    const { certificate, key } = makeCertificate(['shop.test'], Date.now() / 1000);
    const put = (name: string, text: string) => writeFileSync(join(rig.folder, 'haproxy/certs', name), text);
    put('bad.pem', 'nonsense');
    expect(await rig.ingress.apply([routeOf(rig)])).toMatchObject({ kind: 'applied' });
    expect(await rig.ingress.read()).toMatchObject({ current: true });
    put('shop.pem', certificate + key);
    expect(await rig.ingress.read()).toMatchObject({ current: false });
    expect(await rig.ingress.apply([routeOf(rig)])).toMatchObject({ kind: 'applied', reloaded: true });
    const shown = await new Promise<string>((resolve, reject) => {
      const options = { port: rig.httpsPort, host: '127.0.0.1', servername: 'shop.test', ca: certificate };
      const socket = connect({ ...options, checkServerIdentity: () => undefined }, () => {
        resolve(socket.getPeerX509Certificate()!.fingerprint256);
        socket.destroy();
      });
      socket.on('error', reject);
    });
    expect(shown).toBe(new X509Certificate(certificate).fingerprint256);
  });

  test('a sticky client stays with its revision while that has a share', async () => {
    const canary = { revision: 'r2', share: 5_000 };
    await rig.ingress.apply([routeOf(rig, { sticky: true, canary })]);
    await rig.ingress.untilUp('shop', 'r2', 2, 10);
    const stuck = (revision: string) =>
      load({
        ...{ port: rig.port, host: 'shop.test', connections, goOn: (sent) => sent < 60 },
        headers: { cookie: `odyrev=${revision}` },
      });
    expect((await stuck('r2')).answers).toEqual(new Map([['r2', 60]]));
    expect((await stuck('r1')).answers).toEqual(new Map([['r1', 60]]));
    expect((await stuck('r7')).answers.size).toBe(2);
    await rig.ingress.setWeight('shop', 0);
    expect((await stuck('r2')).answers).toEqual(new Map([['r1', 60]]));
  });

  test('after kill -9 the next apply has it back with the same shares', async () => {
    await rig.ingress.apply([routeOf(rig, { canary: { revision: 'r2', share: 10_000 } })]);
    await rig.haproxy()!.kill();
    expect(await rig.ingress.read()).toMatchObject({ kind: 'down' });
    const applied = await rig.ingress.apply([routeOf(rig, { canary: { revision: 'r2', share: 10_000 } })]);
    expect(applied).toMatchObject({ kind: 'applied', reloaded: false });
    expect(await rig.ingress.untilUp('shop', 'r2', 2, 10)).toBeDefined();
    expect((await ask(50)).answers).toEqual(new Map([['r2', 50]]));
  });
});

async function requestsTaken({ ingress }: Rig): Promise<number> {
  const reading = await ingress.read();
  return reading.kind === 'serving' ? reading.requestsTotal : Number.NaN;
}

function totals({ figures }: Rig): Record<string, number> {
  const all = figures.all(() => 'e1').map(({ revision, requests }) => [revision, requests['2xx']] as const);
  return { r1: 0, r2: 0, ...Object.fromEntries(all) };
}
