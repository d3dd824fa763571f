// The overview: what it says is what is known; silence is neither ordinary nor fine.
import { describe, expect, test } from 'vitest';
import type { Threat } from '../../../../core/contracts/threats.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { OverviewPage } from '../../../../web/console/state/overview.svelte.ts';
import type { Overview } from '../../../../web/console/values/health.ts';
import { calm, detector, known, quiet, series, silent } from '../overviews.ts';
import { fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const report = (...threats: Threat[]) => ({
  ...{ instance: 'h1', takenAtSeconds: 1, scanGapSeconds: 5, threats, omitted: 0 },
});

function pageOf(data: Overview, routes: Parameters<typeof fakeServer>[0] = {}) {
  const ports = fakePorts(fakeServer({ 'GET /overview': { body: data }, ...routes }));
  const app = new App(ports);
  const page = new OverviewPage(app);
  page.query.put(data);
  page.threatQuery.put({ state: 'known', items: [report()] });
  return { ports, app, page };
}

describe('the sentence', () => {
  const raised = series('api', 99.98, { alert: { raised: true, sinceSeconds: 1 } });
  const alert = { ...quiet, name: 'Down', severity: 'critical', labels: {} };
  test.each([
    { given: 'a calm machine', data: calm, says: 'Nothing unusual, no alert fires.' },
    {
      given: 'a calm machine and its watchdog, which fires always',
      data: { ...calm, alerts: known([{ ...quiet, name: 'Watchdog', severity: 'none', labels: {} }]) },
      says: 'Nothing unusual, no alert fires.',
    },
    {
      given: 'an incident',
      data: { ...calm, alerts: known([alert]), anomalies: { ...calm.anomalies, items: [raised, series('db', 99.5)] } },
      says: '2 things unusual now, 1 alert fires.',
    },
    {
      given: 'a machine that nobody has measured yet',
      data: { ...calm, nodes: known([]), anomalies: { ...calm.anomalies, items: [] } },
      says: 'No machine has been measured yet, no alert fires.',
    },
    {
      given: 'series that nobody has judged yet',
      data: { ...calm, anomalies: { ...calm.anomalies, items: [series('api', null)] } },
      says: 'Nothing has been judged yet, no alert fires.',
    },
    {
      given: 'one silent detector',
      data: {
        ...calm,
        anomalies: { ...calm.anomalies, detectors: [detector('container'), { ...silent, detector: 'gpu' as const }] },
      },
      says: 'Nothing unusual, no alert fires, 1 of 2 detectors do not answer.',
    },
    {
      given: 'no detector at all',
      data: {
        ...calm,
        alerts: silent,
        anomalies: { ...calm.anomalies, items: [], detectors: [{ ...silent, detector: 'gpu' as const }] },
      },
      says: 'Unknown whether anything is unusual, alerts unknown, 1 of 1 detectors do not answer.',
    },
  ])('of $given', ({ data, says }) => {
    expect(pageOf(data as Overview).page.sentence).toBe(says);
  });
});

describe('an alert that is silenced', () => {
  const alert = { ...quiet, name: 'Down', severity: 'critical', labels: { instance: 'h1' } };
  const data = { ...calm, alerts: known([alert, { ...alert, name: 'Hot', severity: 'warning' }]) } as Overview;
  const silence = {
    ...{ id: 's', state: 'active', owner: 'ada', reason: 'known', startSeconds: 1, endSeconds: 2, hits: 1, alerts: [] },
    matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
  };
  const machineOf = ({ health }: OverviewPage) => health.find(({ title }) => title === 'Machines')!.tiles[0];

  test('is neither among those that fire nor gone', async () => {
    const { page } = pageOf(data, { 'GET /silences': { body: { items: [silence] } } });
    await page.silencing.query.refresh();
    expect(page.sentence).toBe('Nothing unusual, 1 alert fires, 1 silenced.');
    expect(page.alerts?.firing.map(({ name }) => name)).toEqual(['Hot']);
    expect(page.alerts?.silenced.map(({ name }) => name)).toEqual(['Down']);
    expect(machineOf(page)).toMatchObject({ meaning: 'warning', words: 'Down (silenced), Hot' });
  });

  test('fires as far as anybody knows while Alertmanager does not answer', async () => {
    const { page } = pageOf(data, { 'GET /silences': problem(503, 'no-answer') });
    await page.silencing.query.refresh();
    expect(page.sentence).toBe('Nothing unusual, 2 alerts fire, silences unknown.');
    expect(machineOf(page)).toMatchObject({ meaning: 'critical', words: 'Down, Hot' });
  });
});

test('before the first judgement nothing is known to be well', () => {
  const blank = { ...calm, nodes: known([]), anomalies: { ...calm.anomalies, items: [] } };
  expect(pageOf(blank as Overview).page.meaning).toBe('unknown');
  expect(pageOf(calm).page.meaning).toBe('ok');
});

describe('threats', () => {
  const miner: Threat = {
    ...{ pid: 7, tier: 'critical', category: 'crypto_miners', score: 90, techniques: [], reasons: [] },
    ...{ comm: 'xmrig', commandLine: 'xmrig', container: 'shop' },
  };
  test('stand among the rest, weigh in its mark and are said in its sentence', () => {
    const { page } = pageOf(calm);
    page.threatQuery.put(known([report(miner, { ...miner, pid: 8, allowedBy: 'e1' })]));
    expect(page.health[0]).toMatchObject({
      title: 'Threats',
      tiles: [{ name: 'xmrig', meaning: 'critical', words: 'looks like a crypto miner, in shop', href: '/processes' }],
    });
    expect(page.meaning).toBe('critical');
    expect(page.sentence).toBe('Nothing unusual, no alert fires, 1 process looks like a threat.');
  });
  test.each([
    { given: 'no answer', told: silent, why: silent.reason },
    { given: 'no report', told: known([]), why: expect.stringContaining('No machine has sent a report') },
  ])('are unknown with $given', ({ told, why }) => {
    const { page } = pageOf(calm);
    page.threatQuery.put(told);
    expect([page.health[0]!.unknown, page.meaning]).toEqual([why, 'unknown']);
    expect(page.sentence).toBe('Nothing unusual, no alert fires, threats unknown.');
  });
});

test('each thing is listed once, by its rarest series; the bill adds up what is known', () => {
  const items = [series('api', 99.9), series('api', 99.5, { metric: 'cpu' }), series('db', 99.2)];
  const { page } = pageOf({ ...calm, anomalies: { ...calm.anomalies, items } });
  expect(page.unusual.map(({ labels, metric }) => `${labels['name']} ${metric}`)).toEqual(['api memory', 'db memory']);
  expect(page.billTotal).toEqual({ memory: 5e7, cpu: null, partial: true });
  expect(page.bill).toMatchObject([{ job: 'node', name: 'collector', memory: 5e7, cpu: null }]);
});

describe('of more than is listed', () => {
  const more = { omitted: 51, things: { total: 53, judged: 53, unusual: 41 } };
  const { page } = pageOf({ ...calm, anomalies: { ...calm.anomalies, ...more, items: [series('api', 99.9)] } });
  test('all are counted', () => {
    expect(page.sentence).toBe('41 things unusual now, no alert fires.');
    expect(page.stripsShown).toBe('1 of 53 shown');
  });
  test('what is not listed is unknown', () => {
    const containers = page.health.find(({ title }) => title === 'Containers');
    expect(containers!.tiles[1]).toMatchObject({
      meaning: 'unknown',
      words: 'not judged: beyond the 1 most unusual that are listed',
    });
  });
});

describe('strips', () => {
  const start = 1_799_996_400;
  const { detector, labels, metric, unit } = series('api', 99.9);
  const read = (score: number, of = { metric, unit }): Told => {
    const scores = [...Array.from({ length: 59 }, () => null), score];
    return { body: { startSeconds: start, cellSeconds: 60, items: [{ detector, labels, ...of, scores }] } };
  };
  const history = (score: [number, number][]): Told => ({
    body: { score, value: score, expectedLow: [], expectedHigh: [], alert: [], contributions: [] },
  });
  const known = (page: OverviewPage) =>
    page.strips.map(({ title, scores }) => [title, scores.filter((score) => score !== null)]);

  test('are read for all things at once, and hatched where nothing is known', async () => {
    const { page, ports } = pageOf(calm, { 'GET /anomalies/strips': read(99.9) });
    await page.readStrips();
    expect(ports.asked.filter(({ path }) => path.startsWith('/anomalies'))).toHaveLength(1);
    expect(page.stripStart).toBe(start);
    expect(known(page)).toEqual([
      ['api', [99.9]],
      ['db', []],
    ]);
    const failing = pageOf(calm, { 'GET /anomalies/strips': 'down' });
    await failing.page.readStrips();
    expect(known(failing.page)).toEqual([
      ['api', []],
      ['db', []],
    ]);
  });

  test('say of a minute what was measured in it, which is read when somebody points at it', async () => {
    const told = { 'GET /anomalies/history': history([[1_799_999_990, 99.9]]) };
    const { page, ports } = pageOf(calm, told);
    const [row] = page.strips;
    expect(page.explain(row!, 1_799_999_940)).toBeUndefined();
    await page.look(row!);
    expect(page.explain(row!, 1_799_999_940)).toMatch(/^Memory 99\.9 B\.$/);
    expect(page.explain(row!, 1_799_999_000)).toBeUndefined();
    const asked = () => ports.asked.filter(({ path }) => path.startsWith('/anomalies/history')).length;
    await page.look(row!);
    expect(asked()).toBe(1);
    await ports.pass(61);
    await page.look(row!);
    expect(asked()).toBe(2);
  });

  test('are of the series that was read, though another one of that thing is more telling by now', async () => {
    const told = {
      'GET /anomalies/strips': read(97, { metric: 'cpu', unit: 'cores' }),
      'GET /anomalies/history': history([[1_799_999_990, 0.5]]),
    };
    const { page, ports } = pageOf(calm, told);
    await page.look(page.strips[0]!);
    await page.readStrips();
    const row = page.strips.find(({ title }) => title === 'api')!;
    expect([row.hint, row.href]).toEqual(['CPU', expect.stringContaining('cpu')]);
    expect(page.explain(row, 1_799_999_940)).toBeUndefined();
    await page.look(row);
    expect(page.explain(row, 1_799_999_940)).toBe('CPU 0.50 cores.');
    expect(ports.asked.filter(({ path }) => path.startsWith('/anomalies/history'))).toHaveLength(2);
  });

  test('keep their words when a later reading of them fails', async () => {
    let told = history([[1_799_999_990, 99.9]]);
    const { page, ports } = pageOf(calm, { 'GET /anomalies/history': () => told });
    const [row] = page.strips;
    await page.look(row!);
    told = 'down';
    await ports.pass(61);
    await page.look(row!);
    expect(page.explain(row!, 1_799_999_940)).toMatch(/^Memory/);
  });

  test.each([
    { given: '1h', words: /^last hour$/ },
    { given: '6h', words: /^last 6 hours$/ },
    { given: '30d', words: /^last 6 hours of the last 30 days, from 2027-01-1\d \d\d:\d\d$/ },
  ] as const)('of $given are said to be of $words', async ({ given, words }) => {
    const { page, app } = pageOf(calm);
    app.time.choose(given);
    await page.readStrips();
    expect(page.stripWords).toMatch(words);
  });

  test('are read anew for a thing that has just come, soon and not at once', async () => {
    const { page, ports } = pageOf(calm, { 'GET /anomalies/strips': read(99.9) });
    await page.readStrips();
    const asked = () => ports.asked.filter(({ path }) => path.startsWith('/anomalies/strips')).length;
    page.take(calm); // db has no strip yet
    expect(asked()).toBe(1);
    await ports.pass(16);
    page.take(calm);
    expect(asked()).toBe(2);
    await ports.pass(16);
    page.take({ ...calm, anomalies: { ...calm.anomalies, items: [series('api', 99.9)] } });
    expect(asked()).toBe(2);
  });

  test('of the time that was chosen last, however long the one before takes', async () => {
    const told: Told[] = ['silent', read(99.2)];
    const { page } = pageOf(calm, { 'GET /anomalies/strips': () => told.shift()! });
    const readings = [page.readStrips(), page.readStrips()];
    await Promise.all(readings);
    expect(known(page)[0]).toEqual(['api', [99.2]]);
  });

  test('keep what they had when the server goes', async () => {
    let told = read(99.9);
    const { page } = pageOf(calm, { 'GET /anomalies/strips': () => told });
    await page.readStrips();
    told = 'down';
    await page.readStrips();
    expect(page.strips[0]!.scores.at(-1)).toBe(99.9);
  });
});

describe('live', () => {
  test('values that come are taken, unless the page stands still', async () => {
    const { page, app } = pageOf(calm);
    page.take({ ...calm, atSeconds: 7 });
    expect(page.data?.atSeconds).toBe(7);
    app.time.setPaused(true);
    page.take({ ...calm, atSeconds: 8 });
    page.take({ state: 'unknown', reason: 'x' });
    expect(page.data?.atSeconds).toBe(7);
  });

  test('without a live connection the server is asked every 15 s', async () => {
    const { page, ports } = pageOf(calm);
    const stop = page.follow();
    await ports.pass(46);
    stop();
    await ports.pass(60);
    await settle();
    expect(ports.asked.filter(({ path }) => path === '/overview')).toHaveLength(4);
  });
});
