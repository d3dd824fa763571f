// Who is signed in: the door, the first run, what may be done, and that nothing of one person is left for the next.
import { describe, expect, test } from 'vitest';
import { Api } from '../../../../web/console/state/api.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { EntryForm } from '../../../../web/console/state/entry.svelte.ts';
import { SecondFactorForm } from '../../../../web/console/state/second-factor.svelte.ts';
import { Session } from '../../../../web/console/state/session.svelte.ts';
import { SignInForm } from '../../../../web/console/state/sign-in.svelte.ts';
import { adminSession, fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

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

describe('the whole console', () => {
  test('who leaves takes everything along', async () => {
    const ports = fakePorts(
      fakeServer({ 'GET /session': { body: adminSession }, 'GET /environments': { body: { items: [] } } }),
    );
    const app = new App(ports);
    app.begin();
    await settle();
    app.enter();
    await settle();
    app.know('containers', [{ title: 'api', hint: 'container', href: '/containers/api' }]);
    const query = app.query('x', () => Promise.resolve(1));
    await query.refresh();
    expect(app.wasEntered).toBe(true);
    app.leave();
    expect(app.wasEntered).toBe(false);
    expect([app.session.standing, app.session.view, app.entities, app.live.state]).toEqual([
      'signed-out',
      undefined,
      [],
      'idle',
    ]);
    expect(app.query('x', () => Promise.resolve(2))).not.toBe(query);
  });

  test('what one person was asked is not answered by the next, and what was read for one is not shown to the next', async () => {
    const staging = { id: '00000000000000aa', name: 'staging', colour: 'blue', archived: false, created: 1 };
    let seen: unknown[] = [staging];
    const app = new App(
      fakePorts(
        fakeServer({
          'GET /session': { body: adminSession },
          'GET /environments': () => ({ body: { items: seen } }),
          'DELETE /session': {},
        }),
      ),
    );
    await app.session.begin();
    app.enter();
    await settle();
    expect(app.environments.current?.id).toBe(staging.id);
    const answers = [
      app.danger.ask({ title: 'Remove shop', lost: 'All of it.', button: 'Remove' }),
      app.password.ask(),
    ];
    app.toasts.failed('shop-db could not be removed.');
    seen = [];
    expect(await app.signOut()).toBe(true);
    expect(await Promise.all(answers)).toEqual([undefined, undefined]);
    expect([app.danger.asked, app.password.asked]).toEqual([undefined, undefined]);
    expect(app.toasts.shown.map(({ text }) => text)).toEqual(['Signed out.']);
    expect([app.environments.all, app.environments.query.face]).toEqual([[], 'loading']);
  });

  test('an answer that was on its way for one person does not reach the next', async () => {
    const app = new App(fakePorts());
    let tell: (value: string) => void = () => {};
    const query = app.query('x', () => new Promise<string>((resolve) => (tell = resolve)));
    const reading = query.refresh();
    app.leave();
    tell('theirs');
    await reading;
    expect([query.data, query.loading]).toEqual([undefined, false]);
  });

  test('a session that cannot be renewed ends at the door, even where only the live connection notices', async () => {
    const app = new App(
      fakePorts(
        fakeServer({ 'GET /session': out, 'POST /session/refresh': out, 'GET /environments': { body: { items: [] } } }),
      ),
    );
    app.session.enter(adminSession as never);
    app.enter();
    await settle();
    expect(await app.live.onSignedOut()).toBe(false);
    expect([app.session.standing, app.live.state]).toEqual(['signed-out', 'idle']);
  });

  test('somebody else whom another tab let in is met as such, and nothing is done in their name', async () => {
    const other = { ...adminSession, person: { id: 'fedcba9876543210', name: 'bob' }, csrf: 'csrf-2' };
    const ports = fakePorts(
      fakeServer({
        'GET /session': { body: other },
        'PUT /policy': ({ headers }) => (headers['x-csrf-token'] === 'csrf-2' ? {} : problem(403, 'csrf')),
        'POST /session': { body: adminSession },
      }),
    );
    const app = new App(ports);
    await app.session.signIn('ada', 'secret', undefined);
    expect(await app.attempt('Changed.', () => app.api.put('/policy', {}))).toBe(false);
    expect(ports.asked.filter(({ path }) => path === '/policy')).toHaveLength(1);
    await settle();
    expect([app.session.name, app.session.standing]).toEqual(['bob', 'signed-in']);
    expect(app.toasts.shown.map(({ text }) => text.slice(0, 27))).toEqual(['Somebody else is signed in.']);
  });

  test('a second factor that the role needs by now is asked for at once', async () => {
    const ports = fakePorts(
      fakeServer({
        'GET /overview': problem(403, 'second-factor-missing'),
        'GET /session': { body: { ...adminSession, secondFactorMissing: true } },
      }),
    );
    const app = new App(ports);
    app.session.enter(adminSession as never);
    await Promise.allSettled([app.api.get('/overview'), app.api.get('/overview')]);
    await settle();
    expect(app.session.standing).toBe('enrolling');
    expect(ports.asked.filter(({ path }) => path === '/session')).toHaveLength(1);
  });

  test('a server that was away when the console was opened is asked again by itself', async () => {
    let away = true;
    const app = new App(fakePorts(fakeServer({ 'GET /session': () => (away ? 'down' : { body: adminSession }) })));
    const { ports } = app;
    const stop = app.begin();
    await (ports as ReturnType<typeof fakePorts>).pass(4);
    expect([app.session.standing, app.session.error?.kind]).toEqual(['unknown', 'unreachable']);
    away = false;
    await (ports as ReturnType<typeof fakePorts>).pass(4);
    expect([app.session.standing, app.session.error]).toEqual(['signed-in', undefined]);
    stop();
  });

  test('environments that did not come at first come by themselves, and one that was made later as well', async () => {
    let answer: Told = 'down';
    const ports = fakePorts(fakeServer({ 'GET /session': { body: adminSession }, 'GET /environments': () => answer }));
    const app = new App(ports);
    const stop = app.begin();
    await settle();
    app.enter();
    await ports.pass(1);
    expect(app.environments.query.face).toBe('failed');
    answer = { body: { items: [{ id: 'aa' }] } };
    await ports.pass(4);
    expect(app.environments.all.map(({ id }) => id)).toEqual(['aa']);
    answer = { body: { items: [{ id: 'aa' }, { id: 'bb' }] } };
    await ports.pass(65);
    expect(app.environments.all.map(({ id }) => id)).toEqual(['aa', 'bb']);
    app.leave();
    const before = ports.asked.length;
    await ports.pass(200);
    expect(ports.asked.length).toBe(before);
    stop();
  });

  test('who turns away from the question for the password is told of no mistake', async () => {
    const { api, session } = sessionAt({ 'POST /me/second-factor': problem(403, 'confirm-first') });
    const form = new SecondFactorForm(api, session);
    await form.offer();
    expect([form.error, form.busy]).toEqual([undefined, false]);
  });

  test('a change says how it went', async () => {
    const app = new App(
      fakePorts(fakeServer({ 'PUT /a': {}, 'PUT /b': problem(409, 'conflict', { detail: 'Wait.' }) })),
    );
    expect(await app.attempt('Saved.', () => app.api.put('/a', {}))).toBe(true);
    expect(await app.attempt('Saved.', () => app.api.put('/b', {}))).toBe(false);
    expect(app.toasts.shown.map(({ kind, text, detail }) => [kind, text, detail])).toEqual([
      ['done', 'Saved.', undefined],
      ['failed', 'Refused. Wait.', 'r-1'],
    ]);
  });

  test('a password that is asked for is asked once, whoever waits', async () => {
    const app = new App(fakePorts(fakeServer({ 'PUT /a': problem(403, 'confirm-first') })));
    const both = [app.attempt('a', () => app.api.put('/a', {})), app.attempt('b', () => app.api.put('/a', {}))];
    await settle();
    expect(app.password.asked).toBeDefined();
    app.password.answer(undefined);
    expect(await Promise.all(both)).toEqual([false, false]);
    expect([app.password.asked, app.toasts.shown]).toEqual([undefined, []]);
  });
});
