// What comes back from Grafana, and the bounds of an exchange with it: sizes, times, sockets, and a Grafana that is not there.
import { connect } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allEnvironments } from '../../../../core/contracts/access.ts';
import { grafanaProxy, proxyLimits } from '../../../../web/server/grafana/proxy.ts';
import { listenForPeople } from '../../../../web/server/listen.ts';
import { type FakeGrafana, openGrafana } from '../../../fakes/grafana.ts';
import { nobody, openPlane, type TestPlane } from '../plane.ts';
import { type Ask, visit } from './visit.ts';

let grafana: FakeGrafana;
let home: TestPlane;

beforeAll(async () => {
  grafana = await openGrafana();
  home = await openPlane({ neighbours: { ...nobody, grafana: grafana.url } });
}, 60_000);
afterAll(async () => {
  await home.close();
  await grafana.close();
});
beforeEach(() => {
  grafana.asked.length = 0;
});

const ask = (path: string, more: Omit<Ask, 'who'> = {}) => visit(home.url, path, { ...more, who: home.admin });

describe('what comes back', () => {
  test('no cookie, no other origin let in, a policy that holds, the status and the body as they were', async () => {
    grafana.tell('/grafana/page', {
      status: 203,
      headers: {
        'set-cookie': ['grafana_session=x; Path=/', 'odyssey-access=y; Path=/'],
        'access-control-allow-origin': '*',
        'x-frame-options': 'deny',
        'content-security-policy': "script-src 'self' 'nonce-abc'",
        'content-type': 'text/html',
        'clear-site-data': '"*"',
        connection: 'keep-alive, x-hop',
        'x-hop': 'mine',
        etag: '"1"',
      },
      body: '<p>',
    });
    const { status, headers, text } = await ask('/grafana/page');
    expect([status, text, headers['etag'], headers['content-type']]).toEqual([203, '<p>', '"1"', 'text/html']);
    for (const name of ['set-cookie', 'access-control-allow-origin', 'clear-site-data', 'x-hop'])
      expect(headers).not.toHaveProperty(name);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'.*frame-ancestors 'self', script-src 'self' 'nonce-abc'$/,
    );
    expect(headers['x-frame-options']).toBe('SAMEORIGIN');
  });

  test("the console's own pages keep their policy", async () => {
    expect((await ask('/api/v1/setup')).headers['content-security-policy']).not.toContain('unsafe-eval');
  });

  test.each([
    { location: '/grafana/d/x?a=1', leads: '/grafana/d/x?a=1' },
    { location: 'login', leads: '/grafana/login' },
    { location: 'UPSTREAM/grafana/x', leads: '/grafana/x' },
    { location: 'https://elsewhere.example/', leads: undefined },
    { location: '//elsewhere.example/', leads: undefined },
    { location: '/api/v1/audit', leads: undefined },
    { location: '/grafana/../api', leads: undefined },
  ])('a redirect to $location', async ({ location, leads }) => {
    grafana.tell('/grafana/moved', { status: 302, headers: { location: location.replace('UPSTREAM', grafana.url) } });
    const { status, headers } = await ask('/grafana/moved');
    expect([status, headers['location']]).toEqual(leads === undefined ? [502, undefined] : [302, leads]);
  });
});

describe('bounds', () => {
  test('a body beyond 2 MiB is refused, announced or not', async () => {
    const body = 'x'.repeat(2 ** 21 + 1);
    const announced = await ask('/grafana/api/ds/query', { method: 'POST', body });
    expect(announced.status).toBe(413);
    const chunked = await ask('/grafana/api/ds/query', {
      method: 'POST',
      headers: [['transfer-encoding', 'chunked']],
      body,
    }).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(chunked.status);
    expect(grafana.asked.filter(({ body: got }) => got.length > 2 ** 21)).toEqual([]);
  });

  test('a socket is refused at once', async () => {
    const { port } = new URL(home.url);
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(
          'GET /grafana/api/live/ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: x\r\n\r\n',
        ),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.setTimeout(3_000, () => reject(new Error('left to wait')));
    });
    expect(said).toMatch(/^HTTP\/1\.1 403 /);
    expect(grafana.asked).toEqual([]);
  });
});

describe('patience', () => {
  /** The door alone, with bounds that a test can wait for. */
  async function openDoor(limits: Partial<typeof proxyLimits>) {
    const grants = [{ environment: allEnvironments, role: 'admin' as const }];
    const use = { kind: 'session' as const, id: 's', csrf: 'c', confirmed: 0 };
    const ports = {
      tls: false,
      audit: { open: () => Promise.reject(new Error('no')), close: async () => {}, note: async () => 0 },
      identify: async () => ({
        person: '0011223344556677',
        name: 'Ada',
        grants,
        use,
        hasSecondFactor: false,
        lacksSecondFactor: false,
      }),
      log: { error() {}, warn() {} },
      randomId: () => 'r',
    };
    const app = express();
    app.use('/grafana', grafanaProxy(ports as never, { ...proxyLimits, ...limits, grafanaUrl: grafana.url }));
    const serving = await listenForPeople(app, { host: '127.0.0.1', port: 0 }, undefined);
    const who = { cookies: new Map([['odyssey-access', 'x']]) };
    const url = `http://127.0.0.1:${serving.port}`;
    return { ...serving, ask: (path: string, more: Ask = {}) => visit(url, path, { ...more, who }) };
  }

  test('an answer that never ends is broken off', async () => {
    const door = await openDoor({ timeoutSeconds: 0.3 });
    grafana.tell('/grafana/endless', { hangs: true });
    await expect(door.ask('/grafana/endless')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    await door.close();
  });

  test('an answer that is too large is broken off, so that it cannot pass as whole', async () => {
    const door = await openDoor({ answerBytesMax: 1_000 });
    grafana.tell('/grafana/large', { body: 'x'.repeat(200_000) });
    await expect(door.ask('/grafana/large')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    await door.close();
  });

  test('beyond so many at once the next is told to wait', async () => {
    const door = await openDoor({ timeoutSeconds: 1, openMax: 1 });
    const first = door.ask('/grafana/endless').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await door.ask('/grafana/')).status).toBe(503);
    await first;
    expect((await door.ask('/grafana/')).status).toBe(200);
    await door.close();
  });

  test('a change that cannot be recorded is not made', async () => {
    const door = await openDoor({});
    grafana.asked.length = 0;
    expect((await door.ask('/grafana/api/dashboards/db', { method: 'POST', body: '{}' })).status).toBe(500);
    expect(grafana.asked).toEqual([]);
    await door.close();
  });
});

describe('without Grafana', () => {
  test('the route says that it is not configured, to whoever is signed in', async () => {
    const bare = await openPlane();
    const cookie = [...bare.admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${bare.url}/grafana/`, { headers: { cookie } });
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
      503,
      'urn:odyssey:problem:grafana-not-configured',
    ]);
    expect((await fetch(`${bare.url}/grafana/`)).status).toBe(401);
    await bare.close();
  });

  test('one that does not answer is told as that', async () => {
    const bare = await openPlane({ neighbours: { ...nobody, grafana: 'http://127.0.0.1:9' } });
    const cookie = [...bare.admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${bare.url}/grafana/`, { headers: { cookie } });
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
      502,
      'urn:odyssey:problem:grafana-silent',
    ]);
    await bare.close();
  });
});
