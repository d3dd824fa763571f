// Dashboards that people edited: taken out of Grafana into a file that proves itself, and put back, each read back before it counts.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../../../web/server/crypto.ts';
import { createAskGrafana } from '../../../../web/server/grafana/api.ts';
import { checksumOf } from '../../../../web/server/grafana/keep.ts';
import { grafanaRoutes } from '../../../../web/server/grafana/routes.ts';
import { type FakeGrafana, openGrafana } from '../../../fakes/grafana.ts';
import { type Caller, nobody, openPlane, type TestPlane } from '../plane.ts';

let grafana: FakeGrafana;
let home: TestPlane;
let operator: Caller;

beforeAll(async () => {
  grafana = await openGrafana();
  home = await openPlane({ neighbours: { ...nobody, grafana: grafana.url } });
  operator = await home.withRole('operator');
}, 60_000);
afterAll(async () => {
  await home.close();
  await grafana.close();
});

const disks = { uid: 'odyssey-disks', title: 'Disks', schemaVersion: 42, panels: [{ id: 1, title: 'edited by hand' }] };
const own = { uid: 'mine', title: 'My own', panels: [] };
const team = { uid: 'team', title: 'Team' };

beforeEach(() => {
  grafana.asked.length = 0;
  grafana.mend = undefined;
  grafana.folders = new Map([['team', 'Team']]);
  grafana.dashboards = new Map([
    ['odyssey-disks', { folder: null, dashboard: { id: 1, version: 2, ...disks } }],
    ['mine', { folder: team, dashboard: { id: 2, version: 9, ...own } }],
  ]);
});

const folderOfExports = () => join(home.folder, 'dashboards');
const makeExport = async () => (await operator.call('POST', '/grafana/exports')).body as { id: string };

describe('whether there is a Grafana', () => {
  test('is told to whoever may look', async () => {
    const reader = await home.withRole('read-only');
    expect((await reader.call('GET', '/grafana')).body).toEqual({ configured: true });
  });
  test('is told where there is none', async () => {
    const ports = { grafanaUrl: '', http: nobody.http, exportFolder: home.folder, sha256 };
    const routes = grafanaRoutes({ ...ports, randomId: () => '0', unixSeconds: () => 0 });
    expect(await routes.find(({ path }) => path === '/grafana')?.handle({} as never)).toEqual({ configured: false });
  });
});

describe('export', () => {
  test('takes every dashboard with its folder, as the person who asks, and is listed', async () => {
    const made = await operator.call('POST', '/grafana/exports');
    expect([made.status, made.body.dashboards]).toEqual([201, 2]);
    expect(new Set(grafana.asked.map(({ headers }) => headers['x-webauth-user']))).toEqual(new Set([operator.id]));
    expect((await operator.call('GET', '/grafana/exports')).body.items[0]).toEqual(made.body);
    const { dashboards, checksum } = JSON.parse((await operator.call('GET', `/grafana/exports/${made.body.id}`)).text);
    expect(checksum).toBe(checksumOf(dashboards, sha256));
    expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(
      dashboards.map((one: { folder: unknown; dashboard: { uid: string } }) => [one.dashboard.uid, one.folder]),
    ).toEqual([
      ['odyssey-disks', null],
      ['mine', team],
    ]);
  });

  test('lies in a file that only its owner reads, and no half of one is left', async () => {
    const { id } = await makeExport();
    expect(statSync(join(folderOfExports(), `${id}.json`)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folderOfExports()).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  test('one that was changed on disk is told as damaged and put back by nobody', async () => {
    const { id } = await makeExport();
    const path = join(folderOfExports(), `${id}.json`);
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.replace('edited by hand', 'edited by none'));
    const answer = await operator.call('POST', `/grafana/exports/${id}/restore`, {});
    expect([answer.status, answer.body.type]).toEqual([409, 'urn:odyssey:problem:damaged']);
    writeFileSync(path, whole);
  });

  test('the newest twenty are kept', async () => {
    for (let made = 0; made < 22; made++) {
      home.pass(1);
      await makeExport();
    }
    expect(readdirSync(folderOfExports()).length).toBe(20);
  }, 60_000);

  test('a Grafana that does not understand is told as that, and nothing is kept', async () => {
    const before = readdirSync(folderOfExports());
    grafana.tell('/grafana/api/search', { body: '{"no":"list"}' });
    const answer = await operator.call('POST', '/grafana/exports');
    expect([answer.status, answer.body.type]).toEqual([502, 'urn:odyssey:problem:grafana-strange']);
    grafana.tell('/grafana/api/search', {
      headers: { 'content-type': 'application/json' },
      body: '[{"uid":"odyssey-disks"},{"uid":"mine"},{"uid":"gone"}]',
    });
    expect(readdirSync(folderOfExports())).toEqual(before);
  });
});

describe('restore', () => {
  test('puts everything back into an empty Grafana, folder and all', async () => {
    const { id } = await makeExport();
    grafana.dashboards.clear();
    grafana.folders.clear();
    const answer = await operator.call('POST', `/grafana/exports/${id}/restore`, {});
    expect(answer.body).toEqual({ restored: ['odyssey-disks', 'mine'], failed: [] });
    expect(grafana.dashboards.get('odyssey-disks')!.dashboard).toMatchObject(disks);
    expect(grafana.dashboards.get('mine')).toMatchObject({ folder: team, dashboard: own });
  });

  test('only those named, and what is not in it is told', async () => {
    const { id } = await makeExport();
    grafana.dashboards.clear();
    const answer = await operator.call('POST', `/grafana/exports/${id}/restore`, { uids: ['mine', 'other'] });
    expect(answer.body.restored).toEqual(['mine']);
    expect(answer.body.failed.map(({ uid }: { uid: string }) => uid)).toEqual(['other']);
    expect([...grafana.dashboards.keys()]).toEqual(['mine']);
  });

  test('what Grafana keeps otherwise than it was given does not count as restored', async () => {
    const { id } = await makeExport();
    grafana.mend = (dashboard) => ({ ...dashboard, title: 'mended' });
    const answer = await operator.call('POST', `/grafana/exports/${id}/restore`, { uids: ['mine'] });
    expect(answer.body).toEqual({
      restored: [],
      failed: [{ uid: 'mine', reason: expect.stringContaining('differs') }],
    });
  });

  test.each([
    { given: 'a panel is gone', mend: (all: Record<string, unknown>) => ({ ...all, panels: [] }), kept: false },
    {
      given: 'a query is another',
      mend: (all: Record<string, unknown>) => ({
        ...all,
        panels: [{ id: 1, title: 'edited by hand', targets: [{ expr: 'up' }] }],
      }),
      kept: false,
    },
    {
      given: 'the schema was brought up to date and defaults filled in',
      mend: (all: Record<string, unknown>) => ({ ...all, schemaVersion: 99, fiscalYearStartMonth: 0, timepicker: {} }),
      kept: true,
    },
  ])('read back, $given', async ({ mend, kept }) => {
    grafana.mend = mend;
    const answer = await operator.call('POST', '/grafana/dashboards', { dashboard: disks });
    expect(answer.body.restored).toEqual(kept ? ['odyssey-disks'] : []);
  });

  test('one dashboard from its JSON', async () => {
    const answer = await operator.call('POST', '/grafana/dashboards', { dashboard: { ...own, uid: 'new' } });
    expect(answer.body).toEqual({ restored: ['new'], failed: [] });
    expect(grafana.dashboards.get('new')!.dashboard).toMatchObject({ title: 'My own' });
  });

  test.each([
    { given: 'no uid', dashboard: { title: 'x' } },
    { given: 'a uid that is a path', dashboard: { uid: '../x', title: 'x' } },
  ])('JSON with $given is refused, and Grafana hears nothing', async ({ dashboard }) => {
    expect((await operator.call('POST', '/grafana/dashboards', { dashboard })).status).toBe(422);
    expect(grafana.asked).toEqual([]);
  });

  test('an act that is recorded with what came of it', async () => {
    const { id } = await makeExport();
    await operator.call('POST', `/grafana/exports/${id}/restore`, {});
    const { items } = (await operator.call('GET', '/audit?action=dashboard:restore&limit=1')).body;
    expect(items[0].record).toMatchObject({
      outcome: 'done',
      subject: `export/${id}`,
      detail: { restored: 2, failed: 0 },
    });
  });
});

describe('asking Grafana', () => {
  const who = { person: '0011223344556677', name: 'Ada', grants: [], lacksSecondFactor: false } as never;
  const ports = { fetch, timeoutSeconds: 0.5, answerBytesMax: 1_000 };

  test.each([
    { given: 'more than is read', told: { body: 'x'.repeat(2_000) }, kind: 'grafana-strange' },
    { given: 'no JSON', told: { body: '<p>' }, kind: 'grafana-strange' },
    { given: 'a refusal', told: { status: 403, body: '{}' }, kind: 'grafana-refused' },
    { given: 'a redirect', told: { status: 302, headers: { location: '/login' } }, kind: 'grafana-silent' },
    { given: 'nothing in time', told: { hangs: true }, kind: 'grafana-silent' },
  ])('$given is an error that says so', async ({ told, kind }) => {
    grafana.tell('/grafana/api/odd', told);
    const error = await createAskGrafana(grafana.url, ports)(who, { method: 'GET', path: '/api/odd' }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ name: 'Error', kind });
  });
});
