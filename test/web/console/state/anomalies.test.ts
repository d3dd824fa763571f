// Anomalies and one of them in full: silence is unknown, a judgement is about the alert that is in sight.
import { describe, expect, test } from 'vitest';
import { AnomaliesPage } from '../../../../web/console/state/anomalies.svelte.ts';
import { AnomalySeriesPage, stretchesOf } from '../../../../web/console/state/anomaly-series.svelte.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { fakePorts } from '../ports.ts';

const item = (more: object = {}) => ({
  ...{
    detector: 'disk',
    labels: { device: 'sda', instance: 'one' },
    metric: 'io',
    unit: 'ratio',
    mode: 'model',
    reason: null,
  },
  ...{
    warmingSecondsLeft: null,
    value: 0.5,
    score: 50,
    rarity: null,
    expectedLow: 0.1,
    expectedHigh: 0.2,
    contributions: [],
    alert: null,
  },
  ...more,
});
const known = {
  detector: 'disk',
  state: 'known',
  ready: true,
  prometheusAnswering: true,
  series: 1,
  warming: 0,
  unknown: 0,
};
const silent = { detector: 'gpu', state: 'unknown', reason: 'It does not answer.' };
const hour = 3_600;
const now = 1_800_000_000;

function portsWith(list: object, history: object = {}, address = '/') {
  const empty = { score: [], value: [], expectedLow: [], expectedHigh: [], alert: [], contributions: [] };
  return fakePorts(({ path, method }) => {
    if (method === 'POST') return { status: 201, body: {} };
    return { body: path.startsWith('/anomalies/history') ? { ...empty, ...history } : { omitted: 0, ...list } };
  }, address);
}

describe('the list', () => {
  test.each([
    { given: 'no detector', list: { detectors: [silent], items: [] }, says: 'Unknown: no detector answers.' },
    {
      given: 'one of two',
      list: { detectors: [known, silent], items: [item()] },
      says: '0 of 1 judged series are rarer than 1 in 100, unknown: gpu.',
    },
    {
      given: 'nothing judged yet',
      list: { detectors: [known], items: [item({ score: null })] },
      says: 'Nothing has been judged yet, 1 series waits.',
    },
    {
      given: 'one rare, one not judged',
      list: {
        detectors: [known],
        items: [item({ score: 99.9, alert: { raised: true, sinceSeconds: 1 } }), item({ score: null })],
      },
      says: '1 of 1 judged series is rarer than 1 in 100, 1 raise an alert, 1 not judged yet.',
    },
  ])('$given', async ({ list, says }) => {
    const page = new AnomaliesPage(new App(portsWith(list)));
    await page.query.refresh();
    expect(page.sentence).toBe(says);
  });

  test('the rarest first, what is not judged last', async () => {
    const items = [
      item({ metric: 'a', score: null }),
      item({ metric: 'b', score: 10 }),
      item({ metric: 'c', score: 99 }),
    ];
    const page = new AnomaliesPage(new App(portsWith({ detectors: [known], items })));
    await page.query.refresh();
    expect(page.table.visible.map(({ metric }) => metric)).toEqual(['c', 'b', 'a']);
  });
});

const address = `/anomalies/series?detector=disk&labels=${encodeURIComponent('{"device":"sda","instance":"one","metric":"io"}')}`;

async function seriesWith(list: object, history: object = {}, at = address) {
  const ports = portsWith(list, history, at);
  const app = new App(ports);
  const page = new AnomalySeriesPage(app);
  await Promise.all([page.now.refresh(), page.past.refresh()]);
  return { app, page, ports };
}

describe('one series', () => {
  test.each([
    { given: 'it is watched', list: { detectors: [known], items: [item()] }, says: /^I\/O 50 %, usually 10–20 %\./ },
    {
      given: 'it is gone',
      list: { detectors: [known], items: [item({ labels: { device: 'sdb' } })] },
      says: /does not watch/,
    },
    {
      given: 'its detector is silent',
      list: { detectors: [{ ...silent, detector: 'disk' }], items: [] },
      says: /^Unknown/,
    },
  ])('$given', async ({ list, says }) => {
    expect((await seriesWith(list)).page.sentence).toMatch(says);
  });

  test('a judgement is about the newest alert in sight, with a minute on each side', async () => {
    const alert = [
      [now - hour, 1],
      [now - 600, 1],
      [now - 585, 1],
      [now - 300, 0],
    ];
    const { page, ports } = await seriesWith({ detectors: [known], items: [] }, { alert });
    expect(page.alerts).toHaveLength(2);
    await page.judge(true);
    const [asked] = ports.asked.filter(({ method }) => method === 'POST');
    expect(asked!.body).toEqual({
      labels: { device: 'sda', instance: 'one', metric: 'io', detector: 'disk' },
      ...{ start: now - 660, end: now - 525, expected: true },
    });
    expect(page.said).toBe('expected');
  });

  test('a judgement is sent once, and is not said of another stretch of time', async () => {
    const given = await seriesWith({ detectors: [known], items: [] }, {}, `${address}&from=1000&to=2000`);
    const { app, page, ports } = given;
    await Promise.all([page.judge(true), page.judge(true), page.judge(false)]);
    expect(ports.asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect([page.said, page.judging]).toEqual(['expected', false]);
    app.time.zoom({ start: 5_000, end: 6_000 });
    expect([page.judged?.start, page.said]).toEqual([5_000, undefined]);
    app.time.zoom({ start: 1_000, end: 2_000 });
    expect(page.said).toBe('expected');
  });

  test('without an alert and without a drawn time there is nothing to judge', async () => {
    const { page, ports } = await seriesWith({ detectors: [known], items: [] });
    await page.judge(false);
    expect(page.judged).toBeUndefined();
    expect(ports.asked.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  test('its value is a line of its own with gaps, and absent where there is none', async () => {
    const history = {
      score: [
        [now - 60, 10],
        [now, 20],
      ],
      value: [[now, 0.5]],
    };
    const { page } = await seriesWith({ detectors: [], items: [] }, history);
    const { times, values, scores } = page.lines;
    expect([times.length, values!.length, scores.length]).toEqual([times.length, times.length, times.length]);
    expect([values!.at(0), values!.at(-1)]).toEqual([null, 0.5]);
    expect((await seriesWith({ detectors: [], items: [] }, { score: [[now, 1]] })).page.lines.values).toBeUndefined();
  });

  test('an address that somebody made up breaks nothing', async () => {
    for (const at of ['/anomalies/series', '/anomalies/series?labels=[1', '/anomalies/series?labels=null'])
      expect((await seriesWith({ detectors: [], items: [] }, {}, at)).page.labels).toEqual({});
  });
});

test.each([
  { given: 'nothing', points: [], found: [] },
  {
    given: 'never raised',
    points: [
      [15, 0],
      [30, 0],
    ],
    found: [],
  },
  {
    given: 'a small gap',
    points: [
      [15, 1],
      [45, 1],
    ],
    found: [{ start: 15, end: 45 }],
  },
  {
    given: 'a large gap',
    points: [
      [15, 1],
      [60, 1],
    ],
    found: [
      { start: 15, end: 15 },
      { start: 60, end: 60 },
    ],
  },
] as const)('stretches of $given', ({ points, found }) => {
  expect(stretchesOf(points, 15)).toEqual(found);
});
