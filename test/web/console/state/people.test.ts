// People and invitations: what is asked before it is done, what is sent, and what is shown only once.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { PeopleSettings, type Person } from '../../../../web/console/state/people.svelte.ts';
import type { SessionView } from '../../../../web/console/state/session.svelte.ts';
import { adminSession, fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const bob: Person = {
  ...{ id: 'b0b0b0b0b0b0b0b0', name: 'bob', disabled: false, secondFactor: false, created: 1 },
  grants: [{ environment: '*', role: 'developer' }],
};
const at = `/people/${bob.id}`;
const made = { id: '1'.repeat(16), token: 'a-token', expires: 9 };

function open(routes: Record<string, Told> = {}, permissions = ['person:read', 'person:manage']) {
  const ports = fakePorts(
    fakeServer({
      'GET /people': { body: { items: [bob], next: null } },
      'GET /invitations': { body: { items: [] } },
      'POST /invitations': { status: 201, body: made },
      [`PUT ${at}/grants`]: { body: {} },
      [`PUT ${at}/disabled`]: { body: {} },
      [`DELETE ${at}/sessions`]: { body: {} },
      [`DELETE ${at}`]: { body: { auditValues: 3, swept: false } },
      ...routes,
    }),
  );
  const app = new App(ports);
  app.session.enter({ ...adminSession, permissions } as SessionView);
  const settings = new PeopleSettings(app);
  const sent = () =>
    ports.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
  return { app, settings, ports, sent };
}

test('who may only read is not asked about invitations', async () => {
  const { settings, ports } = open({}, ['person:read']);
  await settings.refresh();
  expect(ports.asked.map(({ path }) => path.split('?')[0])).toEqual(['/people']);
});

describe('roles', () => {
  test('of somebody who is there are replaced as a whole', async () => {
    const { app, settings, sent } = open();
    settings.form.open(bob);
    settings.form.add('e'.repeat(16), 'operator');
    settings.form.remove(0);
    await settings.form.submit();
    expect(sent()).toEqual([['PUT', `${at}/grants`, { grants: [{ environment: 'e'.repeat(16), role: 'operator' }] }]]);
    expect([settings.form.about, app.toasts.shown[0]?.text]).toEqual([
      undefined,
      'bob has new roles and is signed out.',
    ]);
    expect(bob.grants).toEqual([{ environment: '*', role: 'developer' }]);
  });

  test('that arrive after another sheet was opened leave that one open', async () => {
    const { settings, sent } = open();
    settings.form.open(bob);
    const first = settings.form.submit();
    settings.form.close();
    settings.form.open({ ...bob, id: 'c'.repeat(16), name: 'cleo' });
    await first;
    expect([sent().length, settings.form.about?.name]).toEqual([1, 'cleo']);
  });

  test('two for one place are refused before they are sent', async () => {
    const { settings, sent } = open();
    settings.form.open(bob);
    settings.form.add('*');
    await settings.form.submit();
    expect([settings.form.problem === undefined, sent()]).toEqual([false, []]);
  });

  test('what fails stays open, with its reason', async () => {
    const { settings } = open({ [`PUT ${at}/grants`]: problem(409, 'last-admin') });
    settings.form.open(bob);
    await settings.form.submit();
    expect([settings.form.about?.name, settings.form.sending.general]).toEqual(['bob', 'It is last-admin.']);
  });
});

test('an invitation is shown once, and closing forgets it', async () => {
  const { settings, sent } = open();
  settings.form.open(null);
  await settings.form.submit();
  expect(sent()).toEqual([['POST', '/invitations', { grants: [{ environment: '*', role: 'read-only' }] }]]);
  expect(settings.form.made?.token).toBe('a-token');
  settings.form.close();
  expect(settings.form.made).toBeUndefined();
  settings.form.open(null);
  settings.form.remove(0);
  expect(settings.form.problem).toMatch(/at least one/);
});

describe('what cannot be undone wants the name', () => {
  test('erasing', async () => {
    const { app, settings, sent } = open();
    const erased = settings.erase(bob);
    expect(app.danger.asked?.about.type).toBe('bob');
    app.danger.answer(true);
    await erased;
    expect(sent().map(([method, path]) => [method, path])).toEqual([['DELETE', at]]);
    expect(app.toasts.shown.map(({ text }) => text)).toContain(
      'The last bytes on the disk are overwritten within the hour.',
    );
  });

  test('disabling asks without a name, letting in again asks nothing', async () => {
    const { app, settings, sent } = open();
    const disabled = settings.setDisabled(bob, true);
    await settle();
    expect(app.danger.asked?.about.type).toBeUndefined();
    app.danger.answer(undefined);
    await disabled;
    expect(sent()).toEqual([]);
    await settings.setDisabled({ ...bob, disabled: true }, false);
    await settings.endSessions(bob);
    expect(sent()).toEqual([
      ['PUT', `${at}/disabled`, { disabled: false }],
      ['DELETE', `${at}/sessions`, undefined],
    ]);
  });

  test('one is not offered to do it to oneself', () => {
    const { settings } = open();
    expect(settings.isSelf(bob)).toBe(false);
    expect(settings.isSelf({ ...bob, id: adminSession.person.id })).toBe(true);
  });
});
