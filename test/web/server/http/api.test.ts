// W1–W5, bars 26 and 38 at the API: headers, cross-site calls, unknown fields, sizes, problems, specification.
import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nothing, problem } from '../../../../core/contracts/api.ts';
import { createApp } from '../../../../web/server/http/app.ts';
import { route } from '../../../../web/server/http/route.ts';
import { openPlane, password, type TestPlane } from '../plane.ts';

let it: TestPlane;
beforeAll(async () => {
  it = await openPlane();
});
afterAll(() => it.close());

describe('headers', () => {
  test('every answer of every route carries them, errors included', async () => {
    for (const { method, path } of [
      ...it.plane.routes,
      { method: 'get', path: '/openapi.json' },
      { method: 'get', path: '/no-such' },
    ]) {
      const { headers } = await it.caller().call(method.toUpperCase(), path);
      const csp = headers.get('content-security-policy')!;
      for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "default-src 'none'"])
        expect(csp).toContain(part);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('over TLS there is also HSTS of a year or more, and cookies are bound to the host', async () => {
    const secure = await openPlane({ tls: true }).catch((error: Error) => error);
    if (secure instanceof Error) throw secure;
    const answer = await secure.caller().signIn('root-admin');
    const [, seconds] = /max-age=(\d+); includeSubDomains/.exec(answer.headers.get('strict-transport-security')!)!;
    expect(Number(seconds)).toBeGreaterThanOrEqual(31_536_000);
    for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/^__Host-odyssey-.*; Path=\/;.*; Secure$/);
    await secure.close();
  });
});

describe('calls that another site sets going', () => {
  test.each([
    { given: 'a foreign origin', headers: { origin: 'https://evil.test' } },
    { given: 'the opaque origin', headers: { origin: 'null' } },
    { given: 'a cross-site fetch', headers: { 'sec-fetch-site': 'cross-site' } },
    { given: 'a sister site', headers: { 'sec-fetch-site': 'same-site' } },
  ])('$given changes nothing, signed in or not', async ({ headers }) => {
    const change = await it.admin.call('POST', '/environments', { name: 'evil' }, headers);
    expect(change).toMatchObject({ status: 403, body: { type: 'urn:odyssey:problem:cross-site' } });
    const signIn = await it.caller().call('POST', '/session', { name: 'root-admin', password }, headers);
    expect(signIn.status).toBe(403);
  });

  test('the own origin passes', async () => {
    const answer = await it.admin.call('POST', '/environments', { name: 'own-origin' }, { origin: it.url });
    expect(answer.status).toBe(201);
  });

  test.each([{ csrf: undefined }, { csrf: 'guessed' }, { csrf: '' }])(
    'a change with the CSRF value $csrf is refused',
    async ({ csrf }) => {
      const caller = it.caller();
      await caller.signIn('root-admin');
      caller.csrf = csrf;
      const answer = await caller.call('POST', '/environments', { name: 'forged' });
      expect(answer).toMatchObject({ status: 403, body: { type: 'urn:odyssey:problem:csrf' } });
    },
  );

  test('a form cannot post: only JSON is taken', async () => {
    const form = await it.admin.call('POST', '/environments', 'name=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(415);
    const text = await it.admin.call('POST', '/environments', '{"name":"x"}', { 'content-type': 'text/plain' });
    expect(text.status).toBe(415);
  });

  test('a preflight gets no permission', async () => {
    const answer = await it.caller().call('OPTIONS', '/environments', undefined, {
      origin: 'https://evil.test',
      'access-control-request-method': 'POST',
    });
    expect(answer.headers.get('access-control-allow-methods')).toBeNull();
  });
});

describe('input', () => {
  const many = (count: number) => Array.from({ length: count }, () => ({ environment: '*', role: 'read-only' }));

  test.each([
    {
      given: 'a role in a name change',
      method: 'PATCH',
      path: () => `/environments/${it.defaultEnvironment}`,
      body: { name: 'x', role: 'admin' },
    },
    {
      given: 'grants in a set-up',
      method: 'POST',
      path: () => '/setup',
      body: { token: 'x', name: 'y', password, grants: many(1) },
    },
    { given: 'an id of its own', method: 'POST', path: () => '/environments', body: { id: '0'.repeat(16), name: 'x' } },
    {
      given: 'admin rights in a login',
      method: 'POST',
      path: () => '/session',
      body: { name: 'root-admin', password, admin: true },
    },
    { given: 'an unknown query', method: 'GET', path: () => '/people?role=admin', body: undefined },
    { given: 'a limit of a million', method: 'GET', path: () => '/people?limit=1000000', body: undefined },
    { given: 'sixty-five grants', method: 'POST', path: () => '/invitations', body: { grants: many(65) } },
    { given: 'a line break in a name', method: 'POST', path: () => '/environments', body: { name: 'a\r\nb' } },
    {
      given: 'a direction override in a name',
      method: 'POST',
      path: () => '/environments',
      body: { name: 'a\u202eb' },
    },
    { given: 'a list as body', method: 'POST', path: () => '/environments', body: [] },
    {
      given: '__proto__',
      method: 'POST',
      path: () => '/environments',
      body: '{"name":"x","__proto__":{"admin":true}}',
    },
    { given: 'a parameter that is no id', method: 'GET', path: () => '/people/..%2f..%2fetc', body: undefined },
  ])('$given is refused with where and why', async ({ method, path, body }) => {
    const answer = await it.admin.call(method, path(), body);
    expect(answer.status).toBe(422);
    expect(problem.parse(answer.body).errors!.length).toBeGreaterThan(0);
  });

  test.each([
    { given: 'broken JSON', body: '{"name":', status: 400 },
    { given: 'more than 256 KiB', body: JSON.stringify({ name: 'x'.repeat(300_000) }), status: 413 },
    { given: 'a foreign cursor', path: '/people?cursor=e30', status: 400 },
    { given: 'an address that is not there', path: '/nothing', status: 404 },
  ])('$given → $status as a problem', async ({ body, path, status }) => {
    const answer = await it.admin.call(path === undefined ? 'POST' : 'GET', path ?? '/environments', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    problem.parse(answer.body);
  });

  test('the insides stay inside: an unforeseen failure is a bare 500, its reason is in the log', async () => {
    const broken = route({
      method: 'get',
      path: '/broken',
      access: 'public',
      summary: 'Fails',
      answer: nothing,
      handle: () => {
        throw new Error('secret reason at /srv/data');
      },
    });
    const lines: unknown[] = [];
    const log = { debug() {}, info() {}, warn() {}, error: (line: unknown) => lines.push(line) };
    const ports = { log, tls: false, randomId: () => 'r1', monotonicSeconds: () => 0, onAnswer() {} };
    const app = createApp(ports as never, {
      routes: [broken],
      mounts: [],
      version: '0',
      callsPerMinute: 100,
      consoleFolder: undefined,
    });
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/broken`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret reason');
    expect(String((lines[0] as { err: Error }).err)).toContain('secret reason');
    server.close();
  });

  test('both a length and chunks, or two lengths, are refused before any route sees them', async () => {
    for (const headers of [
      ['Content-Length', '5', 'Transfer-Encoding', 'chunked'],
      ['Content-Length', '5', 'Content-Length', '6'],
    ]) {
      const status = await new Promise((resolve) => {
        const { port } = new URL(it.url);
        const request = rawRequest(
          {
            port,
            host: '127.0.0.1',
            method: 'POST',
            path: '/api/v1/session',
            headers: [...headers, 'Host', 'x'] as never,
          },
          (response) => resolve(response.statusCode),
        );
        request.on('error', () => resolve(400));
        request.end('0\r\n\r\n');
      });
      expect(status).toBe(400);
    }
  });
});

describe('the specification', () => {
  test('is OpenAPI 3.1, holds every route with its permission, and every reference leads somewhere', async () => {
    const { body } = await it.caller().call('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const listed = Object.entries<Record<string, { 'x-access': string }>>(body.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => `${method} ${path} ${operation['x-access']}`),
    );
    const declared = it.plane.routes.map(
      ({ method, path, access }) => `${method} /api/v1${path.replace(/:(\w+)/g, '{$1}')} ${access}`,
    );
    expect(listed.sort()).toEqual(declared.sort());
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    expect(new Set(references)).toEqual(new Set(['#/components/schemas/Problem']));
    const ids = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((one) =>
      Object.values(one).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
