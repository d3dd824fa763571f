// The whole console as people come and go: what is asked again by itself, what a change says, and that nothing of one is left for the next.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { adminSession, fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const out = problem(401, 'signed-out');

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
