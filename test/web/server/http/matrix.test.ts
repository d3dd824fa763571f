// R1, P8: every route with every identity, generated from the live router; what may pass stands in a table of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allEnvironments, roles } from '../../../../core/contracts/access.ts';
import { liveRoutes } from '../../../../web/server/http/app.ts';
import type { Route } from '../../../../web/server/http/route.ts';
import { type Caller, openPlane, type TestPlane } from '../plane.ts';

/** Roles that hold each permission on the whole appliance, written down a second time on purpose. */
const holders: Record<string, string[]> = {
  'watch:read': ['admin', 'operator', 'developer', 'read-only'],
  'anomaly:judge': ['admin', 'operator', 'developer'],
  'silence:write': ['admin', 'operator'],
  'threat:allow': ['admin', 'operator'],
  'environment:read': ['admin', 'operator', 'developer', 'read-only'],
  'environment:write': ['admin', 'operator'],
  'environment:manage': ['admin'],
  'deployment:read': ['admin', 'operator', 'developer', 'read-only'],
  'deployment:write': ['admin', 'operator', 'developer'],
  'registry:manage': ['admin', 'operator'],
  'swarm:manage': ['admin'],
  'ingress:read': ['admin', 'operator', 'developer', 'read-only'],
  'certificate:read': ['admin', 'operator', 'developer', 'read-only'],
  'log:read': ['admin', 'operator', 'developer', 'read-only'],
  'secret:read': ['admin', 'operator', 'developer'],
  'secret:write': ['admin', 'operator'],
  'volume:read': ['admin', 'operator', 'developer', 'read-only'],
  'volume:write': ['admin', 'operator'],
  'network:read': ['admin', 'operator', 'developer', 'read-only'],
  'network:write': ['admin', 'operator'],
  'node:read': ['admin', 'operator', 'developer', 'read-only'],
  'node:write': ['admin', 'operator'],
  'node:manage': ['admin'],
  'container:read': ['admin', 'operator', 'developer', 'read-only'],
  'container:log': ['admin', 'operator'],
  'container:operate': ['admin', 'operator'],
  'notification:read': ['admin', 'operator'],
  'notification:manage': ['admin'],
  'dashboard:keep': ['admin', 'operator'],
  'audit:read': ['admin', 'operator'],
  'audit:export': ['admin'],
  'person:read': ['admin', 'operator'],
  'person:manage': ['admin'],
  'policy:manage': ['admin'],
  'doctor:read': ['admin'],
};
/** What the admin of one environment may do: what any grant allows, and what concerns that environment. */
const anyGrant = ['watch:read', 'anomaly:judge', 'ingress:read'];
const ownEnvironment = ['deployment:read', 'deployment:write', 'environment:read', 'environment:write'];

/** Processes of ours, each with calls of its own. */
const processes = ['detectors', 'alertmanager'];

let test1: TestPlane;
let otherEnvironment: string;
const callers = new Map<string, Caller>();

beforeAll(async () => {
  test1 = await openPlane();
  const { admin } = test1;
  otherEnvironment = (await admin.call('POST', '/environments', { name: 'other' })).body.id;
  callers.set('anonymous', test1.caller());
  for (const name of processes) callers.set(name, test1.caller());
  for (const role of roles) callers.set(role, await test1.withRole(role));
  callers.set('foreign', await test1.person('foreigner', [{ environment: otherEnvironment, role: 'admin' }]));
  callers.set('ended', await test1.person('ended', [{ environment: allEnvironments, role: 'admin' }]));
  callers.set('disabled', await test1.person('disabled', [{ environment: allEnvironments, role: 'admin' }]));
  callers.set('expired', await test1.person('expired', [{ environment: allEnvironments, role: 'admin' }]));
  const stolen = new Map(callers.get('ended')!.cookies);
  await callers.get('ended')!.call('DELETE', '/session');
  callers.get('ended')!.cookies = stolen;
  await admin.call('PUT', `/people/${callers.get('disabled')!.id}/disabled`, { disabled: true });
  test1.pass(601);
  for (const name of [...roles, 'foreign']) {
    const caller = callers.get(name)!;
    await caller.call('POST', '/session/refresh');
    await caller.call('POST', '/session/confirm', { password: 'correct horse battery staple' });
  }
}, 60_000);
afterAll(() => test1.close());

function addressOf(route: Route): string {
  return route.path
    .replace(':environment', test1.defaultEnvironment)
    .replace(':session', '0'.repeat(32))
    .replace(/:\w+/g, '0'.repeat(16));
}

function headersOf(identity: string): Record<string, string> {
  if (!processes.includes(identity)) return {};
  const token = readFileSync(join(test1.folder, 'run', `${identity}.token`), 'utf8').trim();
  return { authorization: `Bearer ${token}` };
}

function mayPass({ access }: Route, identity: string): boolean {
  if (access === 'public') return true;
  if (['anonymous', 'ended', 'disabled', 'expired'].includes(identity)) return false;
  if (processes.includes(identity)) return access === identity;
  if (processes.includes(access)) return false;
  if (access === 'session' || access === 'identity') return true;
  if (identity === 'foreign') return anyGrant.includes(access);
  return holders[access]!.includes(identity);
}

async function differences(identity: string, routes: readonly Route[]): Promise<string[]> {
  const found: string[] = [];
  for (const route of routes) {
    const { status } = await callers
      .get(identity)!
      .call(route.method.toUpperCase(), addressOf(route), undefined, headersOf(identity));
    const passed = status !== 401 && status !== 403;
    const expected = mayPass(route, identity);
    if (passed !== expected)
      found.push(`${identity} ${route.method} ${route.path}: ${status}, ${expected ? 'should pass' : 'must not pass'}`);
  }
  return found;
}

/** Signing out comes last: it ends what the others need. Refreshing lives on a cookie of its own and has tests of its own. */
function inOrder(routes: readonly Route[]): Route[] {
  const ends = (route: Route) => route.method === 'delete' && route.path === '/session';
  const others = routes.filter((route) => !ends(route) && route.path !== '/session/refresh');
  return [...others, ...routes.filter(ends)];
}

describe('every route with every identity', () => {
  test.each(['anonymous', ...roles, 'foreign', 'ended', 'disabled', 'expired', ...processes])(
    '%s',
    async (identity) => {
      expect(await differences(identity, inOrder(test1.plane.routes))).toEqual([]);
    },
    60_000,
  );

  test('the table covers what the router answers, and nothing else is answered', () => {
    const declared = test1.plane.routes.map(({ method, path }) => `${method.toUpperCase()} /api/v1${path}`);
    expect(liveRoutes(test1.plane.app).sort()).toEqual([...declared, 'GET /api/v1/openapi.json'].sort());
    expect(declared.length).toBeGreaterThan(30);
    for (const { access } of test1.plane.routes)
      expect(['public', 'session', 'identity', ...processes, ...Object.keys(holders)]).toContain(access);
  });
});

test('the admin of one environment changes that one and no other', async () => {
  const caller = test1.caller();
  await caller.signIn('foreigner');
  expect((await caller.call('PATCH', `/environments/${otherEnvironment}`, { colour: 'blue' })).status).toBe(200);
  expect((await caller.call('PATCH', `/environments/${test1.defaultEnvironment}`, { colour: 'red' })).status).toBe(403);
  const seen = (await caller.call('GET', '/environments')).body.items;
  expect(seen.map(({ id }: { id: string }) => id)).toEqual([otherEnvironment]);
  expect(ownEnvironment).toContain('environment:write');
});
