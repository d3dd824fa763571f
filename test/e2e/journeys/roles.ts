// Each role at the pages: what it may not do is not offered, pages it may not see are not in the rail, and the server refuses the direct call anyway.
import { deepEqual } from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { allEnvironments, type Permission, permits, type Role } from '../../../core/contracts/access.ts';
import { isPermission, type Route } from '../../../web/server/http/route.ts';
import type { TestPlane } from '../../web/server/plane.ts';
import type { EngineConsole } from '../engine-console.ts';
import { heading, visit } from './visit.ts';

/** What a page offers to whoever holds the permission; `ready` is there once the page knows what it shows. */
interface Offer {
  path: string;
  ready: string;
  role: 'button' | 'link' | 'tab';
  name: string;
  needs: Permission;
  /** Where else something is called the same. */
  within?: string;
}

const lateMilliseconds = 500;
const stranger = 'stranger';
const series = `/anomalies/series?${new URLSearchParams({
  detector: 'container',
  labels: JSON.stringify({ instance: 'orion', name: 'shop-api', metric: 'memory' }),
})}`;

const link = (name: string, needs: Permission): Offer => ({
  ...{ path: '/', ready: 'Machines', role: 'link', name, needs },
});

const settings = (tab: string, name: string, needs: Permission): Offer[] => [
  { path: `/settings?tab=${tab}`, ready: 'Signed in as', role: 'button', name, needs },
];

/** In the scripted world. */
export const watching: readonly Offer[] = [
  ...[link('Deployments', 'deployment:read'), link('Secrets', 'secret:read'), link('Audit', 'audit:read')],
  { path: series, ready: 'Alerts in this time', role: 'button', name: 'This was expected', needs: 'anomaly:judge' },
  { path: series, ready: 'Alerts in this time', role: 'button', name: 'This was a fault', needs: 'anomaly:judge' },
  { path: '/settings', ready: 'Signed in as', role: 'tab', name: 'People', needs: 'person:read' },
  { path: '/settings', ready: 'Signed in as', role: 'tab', name: 'Rules', needs: 'policy:manage' },
  { path: '/settings', ready: 'Signed in as', role: 'tab', name: 'Registries', needs: 'registry:manage' },
  {
    ...{ path: '/settings?tab=environments', ready: 'default', role: 'button' },
    ...{ name: 'Make an environment', needs: 'environment:manage' },
  },
  {
    ...{ path: '/settings?tab=environments', ready: 'default', role: 'button' },
    ...{ name: 'Change', needs: 'environment:write' },
  },
  { path: '/alerts', ready: 'TargetDown', role: 'link', name: 'Whom alerts are told', needs: 'notification:read' },
  { path: '/alerts', ready: 'TargetDown', role: 'button', name: 'Silence', needs: 'silence:write', within: 'tbody' },
  {
    path: '/notifications',
    ready: 'Notifications',
    role: 'button',
    name: 'Add quiet hours',
    needs: 'notification:manage',
  },
  { path: '/secrets', ready: 'Secrets', role: 'button', name: 'Make a secret', needs: 'secret:write' },
  { path: '/audit', ready: 'Audit', role: 'link', name: 'Export all', needs: 'audit:export' },
  ...settings('people', 'Invite somebody', 'person:manage'),
  ...settings('registries', 'Add a registry', 'registry:manage'),
];

const shop = (tab: string, ready: string, name: string): Offer => ({
  ...{ path: `/deployments/shop${tab}`, ready, role: 'button', name, needs: 'deployment:write' },
});

const ofContainer = (role: Offer['role'], name: string, needs: Permission): Offer => ({
  ...{ path: '/containers/:container', ready: 'Last exit', role, name, needs },
});

/** On a real engine where the deployment `shop` runs and could go back, and a stranger runs beside it. */
export const running: readonly Offer[] = [
  { path: '/deployments', ready: 'shop', role: 'link', name: 'Deploy something', needs: 'deployment:write' },
  ...['Update', 'Scale', 'More to do'].map((name) => shop('', 'replicas run', name)),
  shop('?tab=revisions', 'Compare with', 'Roll back to r2'),
  shop('?tab=settings', 'None of these makes a revision', 'Save the settings'),
  shop('?tab=settings', 'None of these makes a revision', 'Remove it'),
  { path: '/volumes', ready: 'Volumes', role: 'button', name: 'Make a volume', needs: 'volume:write' },
  { path: '/networks', ready: 'Networks', role: 'button', name: 'Make a network', needs: 'network:write' },
  { path: '/nodes', ready: 'ready', role: 'button', name: 'Add a node', needs: 'node:manage' },
  { path: '/secrets', ready: 'Secrets', role: 'button', name: 'Make a secret', needs: 'secret:write' },
  ...(['Stop', 'Restart'] as const).map((name) => ofContainer('button', name, 'container:operate')),
  ofContainer('tab', 'Log', 'container:log'),
];

/** Changes that concern whoever makes them alone, or that a process makes with a token of its own. */
const ownAffairs = /^\/(me|session|setup|inbox|invitations\/accept)(\/|$)/;

export const lesserRoles = ['read-only', 'developer', 'operator'] as const;

export async function rolesMay(browser: Browser, it: TestPlane, role: Role, offers: readonly Offer[]): Promise<void> {
  await it.withRole(role);
  await visit(browser, it.url, `the-${role}`, async (page) => {
    if (role === 'read-only') deepEqual(changesForReaders(it), []);
    deepEqual(await offersThatDiffer(page, it, role, offers), []);
    deepEqual(await callsThatPass(page, it, role), []);
  });
}

/** Offered where it may not be used, or kept from whoever may. */
async function offersThatDiffer(page: Page, it: TestPlane, role: Role, offers: readonly Offer[]): Promise<string[]> {
  const found: string[] = [];
  let at = '';
  for (const offer of offers) {
    if (at !== offer.path) {
      await page.goto(it.url + offer.path.replace(':container', await findContainer(it, offer.path)));
      await heading(page, /./);
    }
    at = offer.path;
    await page.locator('main').getByText(offer.ready).first().waitFor();
    const may = permits([{ environment: allEnvironments, role }], offer.needs);
    const control = page
      .locator(offer.within ?? 'body')
      .getByRole(offer.role, { name: offer.name, exact: true })
      .first();
    if (may) await control.waitFor().catch(() => found.push(`${role} misses “${offer.name}” on ${offer.path}`));
    else if (await appears(control)) found.push(`${role} is offered “${offer.name}” on ${offer.path}`);
  }
  return found;
}

/** One that Odyssey has not made: what it has made is operated through its deployment. */
export async function startStranger({ engine, images }: EngineConsole): Promise<void> {
  const body = { Image: images['1'], Cmd: ['-e', 'setInterval(() => {}, 1000)'], HostConfig: { NetworkMode: 'none' } };
  const made = await engine.ask('POST', `/containers/create?name=${stranger}`, body);
  const { Id } = JSON.parse(made.text) as { Id?: string };
  const { status, text } = await engine.ask('POST', `/containers/${Id}/start`);
  if (status !== 204) throw new Error(`the stranger does not start: ${made.text} ${text}`);
}

/** The stranger, where the address names a container. */
async function findContainer({ admin }: TestPlane, path: string): Promise<string> {
  if (!path.includes(':container')) return '';
  const { body } = await admin.call('GET', '/containers');
  return body.items.find(({ name }: { name: string }) => name === stranger).id;
}

/** What comes late is offered as well. */
function appears(control: Locator): Promise<boolean> {
  return control.waitFor({ state: 'attached', timeout: lateMilliseconds }).then(
    () => true,
    () => false,
  );
}

/** Every change of something that is not one's own has to ask for more than reading. */
function changesForReaders({ plane }: TestPlane): string[] {
  return plane.routes
    .filter(({ method, path }) => method.toUpperCase() !== 'GET' && !ownAffairs.test(path))
    .filter(
      ({ access }) => !isPermission(access) || permits([{ environment: allEnvironments, role: 'read-only' }], access),
    )
    .map(({ method, path }) => `${method} ${path} is open to whoever may only read`);
}

/** Every route that the role may not use, called from within its own page, with its own session and CSRF value. */
async function callsThatPass(page: Page, it: TestPlane, role: Role): Promise<string[]> {
  const barred = it.plane.routes.filter(
    ({ access }) => isPermission(access) && !permits([{ environment: allEnvironments, role }], access),
  );
  if (barred.length === 0 && role !== 'admin') throw new Error(`nothing is barred to ${role}`);
  const calls = barred.map((route) => ({ method: route.method.toUpperCase(), path: addressOf(route, it) }));
  return page.evaluate<string[], typeof calls>(async (all) => {
    const { csrf } = (await (await fetch('/api/v1/session')).json()) as { csrf: string };
    const passed: string[] = [];
    for (const { method, path } of all) {
      const body = method === 'GET' ? {} : { body: '{}' };
      const headers = { 'x-csrf-token': csrf, 'content-type': 'application/json' };
      const answer = await fetch(`/api/v1${path}`, { method, headers, ...body });
      const { type = '' } = answer.status === 403 ? ((await answer.json()) as { type?: string }) : {};
      if (!type.endsWith(':not-allowed')) passed.push(`${method} ${path}: ${answer.status}`);
    }
    return passed;
  }, calls);
}

function addressOf({ path }: Route, { defaultEnvironment }: TestPlane): string {
  return path
    .replace(':environment', defaultEnvironment)
    .replace(':session', '0'.repeat(32))
    .replace(/:\w+/g, '0'.repeat(16));
}
