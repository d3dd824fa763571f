// U3, bar 33: Alertmanager's messages are taken with its own token, once each however often they come, in a store that has an end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertsMax } from '../../../../web/server/alerts/store.ts';
import { openPlane, type TestPlane } from '../plane.ts';

let it: TestPlane;
beforeAll(async () => {
  it = await openPlane();
});
afterAll(() => it.close());

const alert = (i: number, status = 'firing') => ({
  status,
  labels: { alertname: 'DiskFull', severity: 'critical', device: `d${i}` },
  annotations: { summary: 'a disk is full' },
  startsAt: '2026-01-02T03:04:05.678Z',
  endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-01-02T04:00:00Z',
  generatorURL: 'http://prometheus/graph',
  fingerprint: i.toString(16).padStart(16, '0'),
});
const tokenOf = (name: string) => readFileSync(join(it.folder, 'run', `${name}.token`), 'utf8').trim();
const message = (alerts: object[]) => ({ version: '4', groupKey: '{}', receiver: 'inbox', truncatedAlerts: 0, alerts });
const tell = (alerts: object[], token = tokenOf('alertmanager')) =>
  it.caller().call('POST', '/inbox/alertmanager', message(alerts), { authorization: `Bearer ${token}` });
const listed = async (query = '') => (await it.admin.call('GET', `/alerts${query}`)).body.items;

test('what is told twice is kept once, and what ends is seen to end', async () => {
  expect(await tell([alert(1), alert(2)])).toMatchObject({ status: 200, body: { alerts: 2, added: 2 } });
  expect(await tell([alert(1), alert(2)])).toMatchObject({ status: 200, body: { alerts: 2, added: 0 } });
  await tell([alert(1, 'resolved')]);
  await tell([alert(1)]); // a late repetition does not bring it back
  expect(await listed('?status=firing')).toMatchObject([{ name: 'DiskFull', severity: 'critical', endSeconds: null }]);
  expect(await listed('?status=resolved')).toMatchObject([{ labels: { device: 'd1' }, endSeconds: 1_767_326_400 }]);
});

test.each([
  { given: 'no token', token: () => '', status: 401 },
  { given: 'a wrong token', token: () => 'x'.repeat(43), status: 401 },
  { given: 'the token of another process', token: () => tokenOf('detectors'), status: 403 },
])('$given is refused', async ({ token, status }) => {
  expect((await tell([alert(9)], token())).status).toBe(status);
});

test('people cannot post alerts, and its token does nothing else', async () => {
  expect((await it.admin.call('POST', '/inbox/alertmanager', message([alert(9)]))).status).toBe(403);
  const headers = { authorization: `Bearer ${tokenOf('alertmanager')}` };
  for (const path of ['/alerts', '/overview', '/audit', '/anomalies/feedback'])
    expect((await it.caller().call('GET', path, undefined, headers)).status).toBe(403);
});

test.each([
  { given: 'another version', body: { ...message([]), version: '5' } },
  { given: 'a fingerprint that is none', body: message([{ ...alert(1), fingerprint: '../x' }]) },
  { given: 'a time that is none', body: message([{ ...alert(1), startsAt: 'yesterday' }]) },
  { given: 'half a message', body: { version: '4' } },
])('$given is refused whole', async ({ body }) => {
  const headers = { authorization: `Bearer ${tokenOf('alertmanager')}` };
  expect((await it.caller().call('POST', '/inbox/alertmanager', body, headers)).status).toBe(422);
});

test('12,000 alerts leave the newest 10,000, in pages that repeat nothing', async () => {
  for (let i = 0; i < 24; i++) await tell(Array.from({ length: 500 }, (_, j) => alert(100 + i * 500 + j)));
  const seen = new Set<string>();
  let cursor = '';
  for (let pages = 0; pages < 200; pages++) {
    const { body } = await it.admin.call('GET', `/alerts?limit=200${cursor}`);
    for (const { fingerprint } of body.items) seen.add(fingerprint);
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(alertsMax).toBe(10_000);
  expect(seen.size).toBe(alertsMax);
  expect(seen).toContain((100 + 11_999).toString(16).padStart(16, '0'));
}, 60_000);
