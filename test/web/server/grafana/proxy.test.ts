// The door to Grafana against one that writes down what reaches it: who may pass, under which name, with which headers, and with which bounds.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allEnvironments, roles } from '../../../../core/contracts/access.ts';
import { type FakeGrafana, openGrafana } from '../../../fakes/grafana.ts';
import { type Caller, nobody, openPlane, type TestPlane } from '../plane.ts';
import { type Ask, visit } from './visit.ts';

let grafana: FakeGrafana;
let home: TestPlane;
const callers = new Map<string, Caller>();

beforeAll(async () => {
  grafana = await openGrafana();
  home = await openPlane({ neighbours: { ...nobody, grafana: grafana.url } });
  for (const role of roles) callers.set(role, await home.withRole(role));
  const environment = home.defaultEnvironment;
  callers.set('admin of one environment', await home.person('local-admin', [{ environment, role: 'admin' }]));
  callers.set('a name beyond ASCII', await home.person('Žofie', [{ environment: allEnvironments, role: 'read-only' }]));
}, 60_000);
afterAll(async () => {
  await home.close();
  await grafana.close();
});
beforeEach(() => {
  grafana.asked.length = 0;
});

interface AskAs extends Omit<Ask, 'who'> {
  who?: string;
}

const ask = (path: string, { who, ...more }: AskAs = {}) =>
  visit(home.url, path, { ...more, who: who === undefined ? undefined : callers.get(who)! });

describe('who may pass', () => {
  test.each([
    { who: 'admin', role: 'Admin', name: 'the-admin' },
    { who: 'operator', role: 'Editor', name: 'the-operator' },
    { who: 'developer', role: 'Editor', name: 'the-developer' },
    { who: 'read-only', role: 'Viewer', name: 'the-read-only' },
    { who: 'admin of one environment', role: 'Viewer', name: 'local-admin' },
    { who: 'a name beyond ASCII', role: 'Viewer', name: undefined },
  ])('$who is $role', async ({ who, role, name }) => {
    expect((await ask('/grafana/d/odyssey-overview', { who })).status).toBe(200);
    const { id } = callers.get(who)!;
    expect(grafana.asked[0]!.headers).toMatchObject({
      'x-webauth-user': id,
      'x-webauth-name': name ?? id,
      'x-webauth-role': role,
    });
  });

  test.each<{ given: string; headers: [string, string][] }>([
    { given: 'nobody', headers: [] },
    { given: 'a bearer token', headers: [['authorization', 'Bearer odt_0123456789abcdef_x']] },
    { given: 'a cookie that is none of ours', headers: [['cookie', 'odyssey-access=nonsense']] },
    {
      given: 'somebody who names themselves',
      headers: [
        ['x-webauth-user', 'root'],
        ['x-webauth-role', 'Admin'],
      ],
    },
  ])('$given: 401, and Grafana hears nothing', async ({ headers }) => {
    const { status, text } = await ask('/grafana/', { headers });
    expect([status, JSON.parse(text).type]).toEqual([401, 'urn:odyssey:problem:signed-out']);
    expect(grafana.asked).toEqual([]);
  });

  test('a person who comes without a session is shown where to sign in, and where to go on to', async () => {
    const headers: [string, string][] = [
      ['sec-fetch-mode', 'navigate'],
      ['sec-fetch-dest', 'document'],
    ];
    const { status, headers: said } = await ask('/grafana/d/odyssey-disks?var-device=sda', { headers });
    expect([status, said['location']]).toEqual([302, '/?next=%2Fgrafana%2Fd%2Fodyssey-disks%3Fvar-device%3Dsda']);
    expect((await ask('/grafana/x%2f/elsewhere', { headers })).headers['location']).toBe('/?next=%2Fgrafana');
    expect((await ask('/grafana/', { headers: [headers[0]!, ['sec-fetch-dest', 'iframe']] })).status).toBe(401);
    expect(grafana.asked).toEqual([]);
  });

  test('a session that has ended opens nothing', async () => {
    const gone = await home.person('gone', [{ environment: allEnvironments, role: 'admin' }]);
    callers.set('gone', gone);
    const stolen = new Map(gone.cookies);
    await gone.call('DELETE', '/session');
    gone.cookies = stolen;
    expect((await ask('/grafana/', { who: 'gone' })).status).toBe(401);
    expect(grafana.asked).toEqual([]);
  });

  test.each<{ given: string; headers: [string, string][] }>([
    { given: 'another site', headers: [['origin', 'https://elsewhere.example']] },
    { given: 'another site, as the browser says', headers: [['sec-fetch-site', 'cross-site']] },
  ])('a change that $given set going is refused', async ({ headers }) => {
    const { status } = await ask('/grafana/api/dashboards/db', { who: 'admin', method: 'POST', headers, body: '{}' });
    expect(status).toBe(403);
    expect(grafana.asked).toEqual([]);
  });
});

describe('what reaches Grafana', () => {
  test('nobody is named but by us, whatever the spelling and however often', async () => {
    await ask('/grafana/', {
      who: 'read-only',
      headers: [
        ['X-WEBAUTH-USER', 'root'],
        ['x-webauth-user', 'root2'],
        ['X-WebAuth-Role', 'Admin'],
        ['X-WEBAUTH-ROLE', 'Admin'],
        ['X_WEBAUTH_USER', 'root'],
        ['X-WEBAUTH-GROUPS', 'admins'],
        ['X-Webauth-Email', 'root@example.org'],
        ['X-WEBAUTH-ORGS', '1:Admin'],
      ],
    });
    const raw = grafana.asked[0]!.raw;
    const said = raw.flatMap((name, at) => (at % 2 === 0 && /webauth/i.test(name) ? [[name, raw[at + 1]]] : []));
    expect(said.sort()).toEqual([
      ['x-webauth-name', 'the-read-only'],
      ['x-webauth-role', 'Viewer'],
      ['x-webauth-user', callers.get('read-only')!.id],
    ]);
  });

  test('no cookie, credential, forwarded address or hop-by-hop header', async () => {
    await ask('/grafana/', {
      who: 'admin',
      headers: [
        ...([
          'authorization',
          'forwarded',
          'x-forwarded-for',
          'x-forwarded-host',
          'x-real-ip',
          'proxy-authorization',
        ].map((name) => [name, 'mine']) as [string, string][]),
        ['te', 'trailers'],
        ['x-csrf-token', 'mine'],
        ['x-grafana-org-id', '2'],
        ['connection', 'x-panel-id'],
        ['x-panel-id', '7'],
        ['x-dashboard-uid', 'kept'],
        ['accept', 'text/html'],
      ],
    });
    const { host, connection, ...headers } = grafana.asked[0]!.headers;
    expect(host).toBe(new URL(grafana.url).host);
    expect(connection).toBe('close');
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'x-dashboard-uid',
      'x-webauth-name',
      'x-webauth-role',
      'x-webauth-user',
    ]);
  });

  test('method, path, query and body as they were', async () => {
    const body = JSON.stringify({ queries: [{ expr: 'up' }] });
    const headers: [string, string][] = [['content-type', 'application/json']];
    await ask('/grafana/api/ds/query?ds_type=prometheus&requestId=Q1', { who: 'admin', method: 'POST', headers, body });
    expect(grafana.asked[0]).toMatchObject({
      method: 'POST',
      url: '/grafana/api/ds/query?ds_type=prometheus&requestId=Q1',
      body,
    });
  });

  test.each([
    '/GRAFANA/api/search',
    'http://elsewhere.example/grafana/api/search',
    '/grafana/../api/v1/audit',
    '/grafana/%2e%2e/api',
    '/grafana/a%2fb',
    '/grafana//elsewhere',
    '/grafana/api/live/ws',
    '/grafana/metrics',
    '/grafana/logout',
  ])('%s is refused', async (path) => {
    expect((await ask(path, { who: 'admin' })).status).toBeGreaterThanOrEqual(400);
    expect(grafana.asked).toEqual([]);
  });
});

describe('addresses of our own', () => {
  test.each([
    { path: '/grafana', to: '/grafana/' },
    { path: '/grafana/console/containers?name=web', to: '/containers?name=web' },
    { path: '/grafana/console/', to: '/' },
    { path: '/grafana/console//elsewhere.example', to: '/elsewhere.example' },
  ])('$path leads to $to', async ({ path, to }) => {
    const { status, headers } = await ask(path, { who: 'read-only' });
    expect([status, headers['location']]).toEqual([302, to]);
    expect(grafana.asked).toEqual([]);
  });
});

describe('changes are recorded', () => {
  const recordsOf = async () =>
    (await callers.get('admin')!.call('GET', '/audit?action=grafana:change&limit=50')).body.items.map(
      (item: { record: { kind: string; outcome?: string; subject: string } }) => item.record,
    );

  test('before they are made, and closed with how they ended; a query is none', async () => {
    grafana.tell('/grafana/api/folders', { status: 403, body: '{}' });
    const before = (await recordsOf()).length;
    await ask('/grafana/api/dashboards/db', { who: 'operator', method: 'POST', body: '{"dashboard":{"uid":"a"}}' });
    await ask('/grafana/api/folders', { who: 'read-only', method: 'POST', body: '{}' });
    await ask('/grafana/api/ds/query', { who: 'operator', method: 'POST', body: '{}' });
    const records = await recordsOf();
    expect(records.length - before).toBe(4);
    expect(
      records.slice(0, 4).map(({ outcome, subject }: { outcome?: string; subject: string }) => [subject, outcome]),
    ).toEqual([
      ['grafana/api/folders', 'refused'],
      ['grafana/api/folders', undefined],
      ['grafana/api/dashboards/db', 'done'],
      ['grafana/api/dashboards/db', undefined],
    ]);
  });
});
