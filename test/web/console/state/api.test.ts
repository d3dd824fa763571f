// The way to the server: every call ends, is authorised once more where that helps, and fails in words.
import { describe, expect, test } from 'vitest';
import { Api, formatQuery } from '../../../../web/console/state/api.ts';
import { ApiError } from '../../../../web/console/state/api-error.ts';
import { adminSession, fakePorts, fakeServer, problem, type Told } from '../ports.ts';

const failure = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => (error instanceof ApiError ? error : Promise.reject(error)),
  );

describe('answers', () => {
  test('what the server gives is what the caller gets', async () => {
    const ports = fakePorts(fakeServer({ 'GET /overview': { body: { atSeconds: 5 } } }));
    expect(await new Api(ports).get('/overview', { limit: 2, cursor: undefined })).toEqual({ atSeconds: 5 });
    expect(ports.asked[0]!.path).toBe('/overview?limit=2');
  });

  test.each([
    {
      given: 'a problem',
      told: problem(409, 'conflict', { detail: 'Wait for it.' }),
      kind: 'conflict',
      says: 'Wait for it.',
    },
    {
      given: 'a page of something between',
      told: { status: 502, text: '<html>' } as Told,
      kind: 'in-between',
      says: /being started, or does not run/,
    },
    { given: 'a page that is no problem', told: { status: 404, text: '<html>' }, kind: 'unreadable', says: /version/ },
    {
      given: 'a page instead of data',
      told: { text: '<html>', headers: { 'content-type': 'text/html' } } as Told,
      kind: 'unreadable',
      says: /version/,
    },
    { given: 'half an answer', told: { text: '{"a":' } as Told, kind: 'unreadable', says: /version/ },
    { given: 'no server', told: 'down' as Told, kind: 'unreachable', says: /cannot be reached/ },
  ])('$given is told as $kind', async ({ told, kind, says }) => {
    const error = await failure(new Api(fakePorts(() => told)).get('/overview'));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(says);
  });

  test('a server that says nothing is given up at the deadline', async () => {
    const ports = fakePorts(() => 'silent');
    const late = failure(new Api(ports).get('/overview'));
    await ports.pass(16);
    expect((await late).kind).toBe('late');
  });

  test('errors of fields are found by the name of the field', async () => {
    const told = problem(422, 'bad-input', { errors: [{ path: 'body.name', message: 'too long' }] });
    const error = await failure(new Api(fakePorts(() => told)).post('/people', {}));
    expect([error.fieldError('name'), error.fieldError('password')]).toEqual(['too long', undefined]);
  });
});

describe('changes', () => {
  test('carry the csrf value of the session and a key of their own', async () => {
    const ports = fakePorts(
      fakeServer({ 'GET /session': { body: adminSession }, 'POST /silences': {}, 'DELETE /silences/1': {} }),
    );
    const api = new Api(ports);
    await api.get('/session');
    await api.post('/silences', { minutes: 5 });
    await api.post('/silences', { minutes: 5 });
    await api.post('/silences', { minutes: 5 }, { key: 'mine' });
    await api.delete('/silences/1');
    expect(ports.asked.map(({ headers }) => headers['x-csrf-token'])).toEqual([undefined, ...Array(4).fill('csrf-1')]);
    expect(ports.asked.map(({ headers }) => headers['idempotency-key'])).toEqual([
      ...[undefined, 'key-1', 'key-2', 'mine', undefined],
    ]);
  });

  test('are sent once more with the value of the session that another tab began', async () => {
    let csrf = 'old';
    const ports = fakePorts(
      fakeServer({
        'GET /session': () => ({ body: { ...adminSession, csrf } }),
        'PUT /policy': ({ headers }) => (headers['x-csrf-token'] === 'new' ? {} : problem(403, 'csrf')),
      }),
    );
    const api = new Api(ports);
    await api.get('/session');
    csrf = 'new';
    await expect(api.put('/policy', {})).resolves.toEqual({});
  });
});

describe('a session that ran out', () => {
  test('is renewed once for calls that failed together, and they go on', async () => {
    let fresh = false;
    const server = fakeServer({
      'GET /overview': () => (fresh ? { body: { atSeconds: 1 } } : problem(401, 'signed-out')),
      'GET /session': () => (fresh ? { body: adminSession } : problem(401, 'signed-out')),
      'POST /session/refresh': () => {
        fresh = true;
        return { body: adminSession };
      },
    });
    const ports = fakePorts(server);
    const api = new Api(ports);
    await Promise.all([api.get('/overview'), api.get('/overview')]);
    expect(ports.asked.filter(({ path }) => path === '/session/refresh')).toHaveLength(1);
  });

  test('that another tab renewed is taken as it is', async () => {
    let calls = 0;
    const ports = fakePorts(
      fakeServer({
        'GET /overview': () => (++calls > 1 ? {} : problem(401, 'signed-out')),
        'GET /session': { body: adminSession },
      }),
    );
    await new Api(ports).get('/overview');
    expect(ports.asked.map(({ path }) => path)).toEqual(['/overview', '/session', '/overview']);
  });

  test('is renewed at once where no other tab was at it', async () => {
    let fresh = false;
    const ports = fakePorts(
      fakeServer({
        'GET /overview': () => (fresh ? {} : problem(401, 'signed-out')),
        'POST /session/refresh': () => {
          fresh = true;
          return { body: adminSession };
        },
      }),
    );
    await new Api({ ...ports, alone: (_, act) => act(false) }).get('/overview');
    expect(ports.asked.map(({ path }) => path)).toEqual(['/overview', '/session/refresh', '/overview']);
  });

  test('and cannot be renewed ends at the door', async () => {
    const api = new Api(fakePorts(() => problem(401, 'signed-out')));
    let out = 0;
    api.hooks = { ...api.hooks, onSignedOut: () => void out++ };
    expect((await failure(api.get('/overview'))).kind).toBe('signed-out');
    expect(out).toBe(1);
  });

  test('is not given up because the server is away', async () => {
    const ports = fakePorts(({ path }) => (path === '/overview' ? problem(401, 'signed-out') : 'down'));
    const api = new Api(ports);
    let out = 0;
    api.hooks = { ...api.hooks, onSignedOut: () => void out++ };
    expect((await failure(api.get('/overview'))).kind).toBe('unreachable');
    expect(out).toBe(0);
  });
});

test.each([true, false])(
  'a change that needs the password again asks, and goes on only where it was given: %s',
  async (given) => {
    let confirmed = false;
    const api = new Api(
      fakePorts(fakeServer({ 'PUT /policy': () => (confirmed ? {} : problem(403, 'confirm-first')) })),
    );
    api.hooks = { ...api.hooks, onConfirm: async () => (confirmed = given) };
    const change = api.put('/policy', {});
    if (given) await expect(change).resolves.toEqual({});
    else expect((await failure(change)).kind).toBe('confirm-first');
  },
);

test('queries leave out what is not given', () => {
  expect([formatQuery({}), formatQuery({ a: undefined }), formatQuery({ a: 'x y', b: 0 })]).toEqual([
    '',
    '',
    '?a=x+y&b=0',
  ]);
});
