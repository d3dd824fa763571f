// P22: silences with owner, reason, end and hits; judgements that reach the detectors; both through the real server.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestPlane } from '../plane.ts';
import { type Neighbourhood, openNeighbourhood } from '../watch/neighbourhood.ts';

let it: TestPlane;
let says: Neighbourhood['says'];
let heard: Neighbourhood['heard'];
let around: Neighbourhood;

beforeAll(async () => {
  around = await openNeighbourhood();
  ({ plane: it, says, heard } = around);
});
afterAll(() => around.close());
beforeEach(() => {
  says.clear();
  heard.length = 0;
});

describe('feedback', () => {
  const token = async () => {
    return { authorization: `Bearer ${readFileSync(join(it.folder, 'run', 'detectors.token'), 'utf8').trim()}` };
  };

  test('what people said reaches the detectors once each, in order', async () => {
    const judge = (metric: string, expected: boolean) =>
      it.admin.call('POST', '/anomalies/feedback', {
        labels: { detector: 'disk', metric },
        start: 100,
        end: 200,
        expected,
      });
    expect((await judge('a', true)).status).toBe(201);
    expect((await judge('b', false)).status).toBe(201);
    const first = (await it.caller().call('GET', '/anomalies/feedback?since=', undefined, await token())).body;
    expect(first.items).toEqual([
      { labels: { detector: 'disk', metric: 'a' }, start: 100, end: 200, expected: true },
      { labels: { detector: 'disk', metric: 'b' }, start: 100, end: 200, expected: false },
    ]);
    const then = (await it.caller().call('GET', `/anomalies/feedback?since=${first.next}`, undefined, await token()))
      .body;
    expect(then).toEqual({ items: [], next: first.next });
    expect((await it.caller().call('GET', '/anomalies/feedback?since=x', undefined, await token())).status).toBe(400);
  });

  test.each([
    { start: 200, end: 100 },
    { start: 0, end: 8 * 86_400 },
  ])('a span from $start to $end is refused', async ({ start, end }) => {
    expect(
      (await it.admin.call('POST', '/anomalies/feedback', { labels: {}, start, end, expected: true })).status,
    ).toBe(422);
  });
});

describe('silences', () => {
  const id = '0b8b1c5e-6d0f-4f6e-9d3a-3d1f0a7f2b11';
  const silenceOf = (state: string) => ({
    ...{ id, status: { state }, createdBy: 'root-admin', comment: 'new disk' },
    ...{
      startsAt: '2027-01-15T08:00:00.000Z',
      endsAt: '2027-01-15T09:00:00.000Z',
      updatedAt: '2027-01-15T08:00:00.000Z',
    },
    matchers: [{ name: 'instance', value: 'a', isRegex: false, isEqual: true }],
  });
  const labels = { alertname: 'DiskFull', severity: 'critical', instance: 'a' };
  const held = [
    { labels, status: { silencedBy: [id] } },
    { labels: { alertname: 'Inhibited' }, status: { silencedBy: [] } },
  ];
  const body = { matchers: [{ name: 'instance', value: 'a' }], reason: 'new disk', minutes: 60 };

  test('are listed with owner, reason, end and what they hold back; ended ones are not', async () => {
    says.set('GET /api/v2/silences', [silenceOf('active'), { ...silenceOf('expired'), id: 'old' }]);
    says.set('GET /api/v2/alerts', held);
    const { items } = (await it.admin.call('GET', '/silences')).body;
    expect(items).toMatchObject([{ id, owner: 'root-admin', reason: 'new disk', hits: 1, endSeconds: 1_800_003_600 }]);
    expect(items[0].alerts).toEqual([{ name: 'DiskFull', severity: 'critical', labels: { instance: 'a' } }]);
  });

  test('are made in the name of the caller, read back, and recorded', async () => {
    says.set('POST /api/v2/silences', { silenceID: id });
    says.set('GET /api/v2/silences', [silenceOf('active')]);
    says.set('GET /api/v2/alerts', held);
    expect(await it.admin.call('POST', '/silences', body)).toMatchObject({ status: 201, body: { id } });
    const sent = JSON.parse(heard.find(({ method }) => method === 'POST')!.body);
    expect(sent).toMatchObject({ createdBy: 'root-admin', comment: 'new disk' });
    const [close] = (await it.admin.call('GET', '/audit?action=silence:make&limit=1')).body.items;
    expect(close.record).toMatchObject({ kind: 'close', outcome: 'done', detail: { silence: id } });
  });

  test('count as made only when Alertmanager lists them', async () => {
    says.set('POST /api/v2/silences', { silenceID: id });
    says.set('GET /api/v2/silences', []);
    says.set('GET /api/v2/alerts', []);
    expect((await it.admin.call('POST', '/silences', body)).status).toBe(503);
  });

  test.each([
    { given: 'no reason', change: { reason: '' } },
    { given: 'no end', change: { minutes: undefined } },
    { given: 'a year', change: { minutes: 525_600 } },
    { given: 'nothing that it names', change: { matchers: [{ name: 'a', value: '' }] } },
  ])('with $given are refused', async ({ change }) => {
    expect((await it.admin.call('POST', '/silences', { ...body, ...change })).status).toBe(422);
  });

  test('end when somebody ends them: read back, and recorded with whose they were and why', async () => {
    let state = 'active';
    says.set(`GET /api/v2/silence/${id}`, () => silenceOf(state));
    says.set(`DELETE /api/v2/silence/${id}`, () => {
      state = 'expired';
      return '';
    });
    expect((await it.admin.call('DELETE', `/silences/${id}`)).status).toBe(200);
    const [close] = (await it.admin.call('GET', '/audit?action=silence:end&limit=1')).body.items;
    expect(close.record).toMatchObject({ outcome: 'done', detail: { owner: 'root-admin', reason: 'new disk' } });
    expect(close.record.detail).toMatchObject({ matchers: [{ name: 'instance', value: 'a' }] });
  });

  test.each([
    { given: 'one that Alertmanager still lists as active', state: 'active', status: 503 },
    { given: 'one that has ended already', state: 'expired', status: 409 },
    { given: 'one that Alertmanager has lost', state: undefined, status: 404 },
  ])('$given is not told to be ended now', async ({ state, status }) => {
    says.set(`GET /api/v2/silence/${id}`, state === undefined ? 404 : silenceOf(state));
    says.set(`DELETE /api/v2/silence/${id}`, '');
    expect((await it.admin.call('DELETE', `/silences/${id}`)).status).toBe(status);
  });

  test('a dead Alertmanager is told as such', async () => {
    expect((await it.admin.call('GET', '/silences')).status).toBe(503);
    says.set(`GET /api/v2/silence/${id}`, 502);
    expect((await it.admin.call('DELETE', `/silences/${id}`)).status).toBe(503);
  });
});
