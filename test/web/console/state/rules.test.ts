// Environments, rules and registries: what is sent, what is asked first, and that the server's own word stands there afterwards.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import type { Environment } from '../../../../web/console/state/environments.svelte.ts';
import { EnvironmentSettings, PolicySettings, RegistrySettings } from '../../../../web/console/state/rules.svelte.ts';
import { fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const old: Environment = { id: 'a'.repeat(16), name: 'old', colour: 'grey', archived: true, created: 1 };
const prod: Environment = { id: 'b'.repeat(16), name: 'prod', colour: 'red', archived: false, created: 2 };
const registry = { registry: 'registry.example:5000', username: 'ci', changed: 1 };

function open(routes: Record<string, Told> = {}) {
  const ports = fakePorts(
    fakeServer({
      'GET /environments': { body: { items: [old, prod] } },
      'POST /environments': { status: 201, body: prod },
      [`PATCH /environments/${prod.id}`]: { body: prod },
      [`PUT /environments/${prod.id}/archived`]: { body: prod },
      [`PUT /environments/${old.id}/archived`]: { body: old },
      'GET /policy': { body: { secondFactorRoles: ['admin'] } },
      'PUT /policy': { body: { secondFactorRoles: ['admin', 'operator'] } },
      'GET /registries': { body: { items: [registry] } },
      'PUT /registries/registry.example%3A5000': { body: registry },
      'DELETE /registries/registry.example%3A5000': { body: {} },
      ...routes,
    }),
  );
  const app = new App(ports);
  const sent = () =>
    ports.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
  return { app, sent };
}

describe('environments', () => {
  test('those in use stand first', async () => {
    const { app } = open();
    await app.environments.query.refresh();
    expect(new EnvironmentSettings(app).items.map(({ name }) => name)).toEqual(['prod', 'old']);
  });

  test('a change that arrives after another sheet was opened leaves that one open', async () => {
    const { app } = open();
    const settings = new EnvironmentSettings(app);
    settings.open(prod);
    const first = settings.submit();
    settings.close();
    settings.open(null);
    settings.name = 'being typed';
    await first;
    expect([settings.about, settings.name]).toEqual([null, 'being typed']);
  });

  test('one is made and one is changed through the same form', async () => {
    const { app, sent } = open();
    const settings = new EnvironmentSettings(app);
    settings.open(null);
    await settings.submit();
    expect(sent()).toEqual([]);
    [settings.name, settings.colour] = ['staging', 'amber'];
    await settings.submit();
    settings.open(prod);
    settings.name = 'production';
    await settings.submit();
    expect(sent()).toEqual([
      ['POST', '/environments', { name: 'staging', colour: 'amber' }],
      ['PATCH', `/environments/${prod.id}`, { name: 'production', colour: 'red' }],
    ]);
    expect(settings.about).toBeUndefined();
  });

  test('archiving is asked about, taking back is not', async () => {
    const { app, sent } = open();
    const settings = new EnvironmentSettings(app);
    const archived = settings.setArchived(prod, true);
    await settle();
    expect([app.danger.asked !== undefined, sent().length]).toEqual([true, 0]);
    app.danger.answer(true);
    await archived;
    await settings.setArchived(old, false);
    expect(sent().map(([, path, body]) => [path, body])).toEqual([
      [`/environments/${prod.id}/archived`, { archived: true }],
      [`/environments/${old.id}/archived`, { archived: false }],
    ]);
  });
});

describe('the second factor by role', () => {
  test('one more is set, and what the server says stands there', async () => {
    const { app, sent } = open();
    const policy = new PolicySettings(app);
    await policy.set('operator', true);
    expect(sent()).toEqual([]); // nobody knows yet what holds
    await policy.query.refresh();
    await policy.set('operator', true);
    expect(sent()).toEqual([['PUT', '/policy', { secondFactorRoles: ['admin', 'operator'] }]]);
    expect([policy.needs('operator'), policy.needs('developer')]).toEqual([true, false]);
  });

  test('what fails changes nothing here', async () => {
    const { app } = open({ 'PUT /policy': problem(503, 'busy') });
    const policy = new PolicySettings(app);
    await policy.query.refresh();
    await policy.set('operator', true);
    expect([policy.needs('operator'), policy.busy, app.toasts.shown[0]?.kind]).toEqual([false, false, 'failed']);
  });
});

describe('registries', () => {
  test('a password goes in and is forgotten here', async () => {
    const { app, sent } = open();
    const settings = new RegistrySettings(app);
    settings.open(registry);
    expect([settings.registry, settings.password, settings.ready]).toEqual([registry.registry, '', false]);
    settings.password = 'hunter2';
    await settings.submit();
    expect(sent()).toEqual([['PUT', '/registries/registry.example%3A5000', { username: 'ci', password: 'hunter2' }]]);
    expect([settings.opened, settings.password]).toEqual([false, '']);
  });

  test('what arrives after another sheet was opened is told of the right one, and leaves that one open', async () => {
    const { app } = open();
    const settings = new RegistrySettings(app);
    settings.open(registry);
    settings.password = 'hunter2';
    const first = settings.submit();
    settings.close();
    settings.open({ ...registry, registry: 'other.example' });
    settings.password = 'being typed';
    await first;
    expect(app.toasts.shown.map(({ text }) => text)).toEqual(['Credentials for registry.example:5000 are kept.']);
    expect([settings.opened, settings.registry, settings.password]).toEqual([true, 'other.example', 'being typed']);
  });

  test('forgetting is asked about first', async () => {
    const { app, sent } = open();
    const settings = new RegistrySettings(app);
    const forgotten = settings.forget(registry);
    await settle();
    app.danger.answer(undefined);
    await forgotten;
    expect(sent()).toEqual([]);
  });
});
