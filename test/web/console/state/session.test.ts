// Who is signed in: the door, the first run, what may be done.
import { describe, expect, test } from 'vitest';
import { Api } from '../../../../web/console/state/api.ts';
import { EntryForm } from '../../../../web/console/state/entry.svelte.ts';
import { SecondFactorForm } from '../../../../web/console/state/second-factor.svelte.ts';
import { Session } from '../../../../web/console/state/session.svelte.ts';
import { SignInForm } from '../../../../web/console/state/sign-in.svelte.ts';
import { adminSession, fakePorts, fakeServer, problem } from '../ports.ts';

const out = problem(401, 'signed-out');
const sessionAt = (routes: Parameters<typeof fakeServer>[0]) => {
  const ports = fakePorts(fakeServer(routes));
  const api = new Api(ports);
  return { ports, api, session: new Session(api) };
};

describe('at the beginning', () => {
  const shut = { 'GET /session': out, 'POST /session/refresh': out };
  test.each([
    { given: 'a session', routes: { 'GET /session': { body: adminSession } }, standing: 'signed-in' },
    {
      given: 'a session that lacks its second factor',
      routes: { 'GET /session': { body: { ...adminSession, secondFactorMissing: true } } },
      standing: 'enrolling',
    },
    { given: 'nobody', routes: { ...shut, 'GET /setup': { body: { open: false } } }, standing: 'signed-out' },
    {
      given: 'nobody, and no admin yet',
      routes: { ...shut, 'GET /setup': { body: { open: true } } },
      standing: 'setup',
    },
    { given: 'no server', routes: { 'GET /session': 'down' as const }, standing: 'unknown' },
  ])('$given: $standing', async ({ routes, standing }) => {
    const { session } = sessionAt(routes);
    await session.begin();
    expect(session.standing).toBe(standing);
    expect(session.error?.kind).toBe(standing === 'unknown' ? 'unreachable' : undefined);
  });
});

describe('what may be done', () => {
  const grants = [{ environment: '00000000000000aa', role: 'operator' }];
  test.each([
    { permission: 'environment:write', environment: undefined, may: true },
    { permission: 'environment:write', environment: '00000000000000aa', may: true },
    { permission: 'environment:write', environment: '00000000000000bb', may: false },
    { permission: 'audit:read', environment: undefined, may: false },
  ] as const)('$permission in $environment: $may', ({ permission, environment, may }) => {
    const { session } = sessionAt({});
    expect(session.can(permission)).toBe(false);
    session.enter({ ...adminSession, grants, permissions: ['environment:read', 'environment:write'] } as never);
    expect(session.can(permission, environment)).toBe(may);
  });

  test('nothing, before the second factor is there', () => {
    const { session } = sessionAt({});
    session.enter({ ...adminSession, secondFactorMissing: true } as never);
    expect(session.can('watch:read')).toBe(false);
  });
});

describe('signing in', () => {
  test('asks for a code only where the server does, and sends it along', async () => {
    const { ports, session } = sessionAt({
      'POST /session': ({ body }) =>
        (body as { code?: string }).code === '123456' ? { body: adminSession } : problem(401, 'second-factor'),
    });
    const form = new SignInForm(session);
    [form.name, form.password] = ['ada ', 'secret'];
    await form.submit();
    expect([form.step, form.error, session.standing]).toEqual(['code', undefined, 'unknown']);
    form.code = '123456';
    await form.submit();
    expect(session.standing).toBe('signed-in');
    expect(ports.asked.map(({ body }) => body)).toEqual([
      { name: 'ada', password: 'secret' },
      { name: 'ada', password: 'secret', code: '123456' },
    ]);
    expect([form.password, form.code]).toEqual(['', '']);
  });

  test('that fails says why in the words of the server, and can be tried again', async () => {
    const { session } = sessionAt({ 'POST /session': problem(401, 'wrong-credentials', { detail: 'Wrong.' }) });
    const form = new SignInForm(session);
    await form.submit();
    expect([form.error, form.busy, form.step]).toEqual(['Wrong.', false, 'password']);
  });
});

describe('becoming a person', () => {
  test('needs the same password twice', async () => {
    const given: string[][] = [];
    const form = new EntryForm(async (...all) => void given.push(all), 'token');
    [form.name, form.password, form.again] = [' ada ', 'correct horse', 'correct horsf'];
    expect([form.ready, form.mismatch]).toEqual([false, 'The two passwords differ.']);
    await form.submit();
    form.again = 'correct horse';
    expect([form.ready, form.mismatch]).toEqual([true, undefined]);
    await form.submit();
    expect(given).toEqual([['token', 'ada', 'correct horse']]);
  });

  test('tells what the server says of a field', async () => {
    const { session } = sessionAt({
      'POST /setup': problem(422, 'bad-input', { errors: [{ path: 'body.name', message: 'taken' }] }),
    });
    const form = new EntryForm((token, name, password) => session.setUp(token, name, password), 't');
    [form.name, form.password, form.again] = ['a', 'b', 'b'];
    await form.submit();
    expect(form.error?.fieldError('name')).toBe('taken');
  });
});

test('a second factor: the key in groups, then the code that makes it count', async () => {
  const uri = 'otpauth://totp/Odyssey:ada?secret=ABCDEFGHIJ&issuer=Odyssey';
  const { api, session } = sessionAt({
    'POST /me/second-factor': { body: { uri } },
    'PUT /me/second-factor': ({ body }) =>
      (body as { code: string }).code === '000001'
        ? { body: adminSession }
        : problem(422, 'wrong-code', { detail: 'Wrong code.' }),
  });
  const form = new SecondFactorForm(api, session);
  await form.offer();
  expect(form.key).toBe('ABCD EFGH IJ');
  form.code = '999999';
  await form.accept();
  expect([form.error, session.standing]).toEqual(['Wrong code.', 'unknown']);
  form.code = '000001';
  await form.accept();
  expect(session.standing).toBe('signed-in');
});

test('who turns away from the question for the password is told of no mistake', async () => {
  const { api, session } = sessionAt({ 'POST /me/second-factor': problem(403, 'confirm-first') });
  const form = new SecondFactorForm(api, session);
  await form.offer();
  expect([form.error, form.busy]).toEqual([undefined, false]);
});
