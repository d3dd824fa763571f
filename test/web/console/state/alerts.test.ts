// Alerts and silences: silence of Prometheus is unknown, a silence names its thing and its reason and is asked for once.
import { describe, expect, test } from 'vitest';
import { AlertsPage, type AlertView } from '../../../../web/console/state/alerts.svelte.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { keyOf } from '../../../../web/console/values/alert-words.ts';
import { calm } from '../overviews.ts';
import { fakePorts, problem, type Told } from '../ports.ts';

const told = { since: 5, summary: null, description: null };
const disk: AlertView = {
  ...told,
  name: 'DiskFull',
  severity: 'critical',
  labels: { instance: 'one', device: '/dev/sda', severity: 'critical' },
};
const heat: AlertView = { ...told, name: 'Hot', severity: 'warning', labels: { instance: 'one' } };
const holding = (value: string, more: object = {}) => ({
  ...{ id: 's1', state: 'active', owner: 'ada', reason: 'known', startSeconds: 1, endSeconds: 2, hits: 1, alerts: [] },
  matchers: [{ name: 'alertname', value, isRegex: false, isEqual: true }],
  ...more,
});

async function pageWith(
  alerts: object,
  silences: object[] | Told = [],
  made: Told = { status: 201, body: { id: 's2' } },
) {
  const ports = fakePorts(({ method, path }) => {
    if (path === '/overview') return { body: { alerts } };
    if (method === 'POST') return made;
    return Array.isArray(silences) ? { body: { items: silences } } : silences;
  });
  const page = new AlertsPage(new App(ports));
  await Promise.all([page.overview.refresh(), page.silencing.query.refresh()]);
  return { page, ports };
}

const known = (items: AlertView[]) => ({ state: 'known' as const, items });

describe('the sentence of state', () => {
  test.each([
    { given: 'nothing', alerts: known([]), silences: [], says: 'Nothing fires.' },
    { given: 'two', alerts: known([disk, heat]), silences: [], says: '2 alerts fire.' },
    {
      given: 'one held back',
      alerts: known([disk, heat]),
      silences: [holding('Hot')],
      says: '1 alert fires, 1 alert is silenced.',
    },
    {
      given: 'all of them held back',
      alerts: known([heat]),
      silences: [holding('Hot')],
      says: 'Nothing fires, 1 alert is silenced.',
    },
    {
      given: 'no Alertmanager',
      alerts: known([heat]),
      silences: problem(503, 'no-answer', { detail: 'Alertmanager does not answer.' }),
      says: '1 alert fires; what of it is silenced is unknown: Alertmanager does not answer.',
    },
    {
      given: 'a silence that is still to come',
      alerts: known([heat]),
      silences: [holding('Hot', { state: 'pending' })],
      says: '1 alert fires.',
    },
    {
      given: 'no Prometheus',
      alerts: { state: 'unknown', reason: 'It is down.' },
      silences: [],
      says: 'Whether anything fires is unknown: It is down.',
    },
  ])('$given', async ({ alerts, silences, says }) => {
    expect((await pageWith(alerts, silences)).page.sentence).toBe(says);
  });
});

test.each([
  { given: 'Alertmanager counts', hits: 3, held: 3 },
  { given: 'fires here while Alertmanager has just been started', hits: 0, held: 1 },
])('a silence holds back what $given', async ({ hits, held }) => {
  const { page } = await pageWith(known([heat, disk]), [holding('Hot', { hits })]);
  expect(page.countHeld(page.silencing.items[0]!)).toBe(held);
});

test('before the silences were read nothing is said to fire', () => {
  const page = new AlertsPage(new App(fakePorts(() => 'silent')));
  page.overview.put({ ...calm, alerts: known([heat]) });
  expect(page.sentence).toBeUndefined();
});

test('what was silenced when Alertmanager last answered is not told to be so now, and is again once it answers', async () => {
  let told: Told = { body: { items: [holding('Hot')] } };
  const ports = fakePorts(({ path }) => (path === '/overview' ? { body: { alerts: known([heat]) } } : told));
  const page = new AlertsPage(new App(ports));
  const stop = page.follow(() => true);
  await ports.pass(1);
  expect(page.silencing.of(heat)?.id).toBe('s1');
  told = problem(503, 'no-answer');
  await ports.pass(10);
  expect([page.silencing.of(heat), page.silencing.unknown]).toEqual([undefined, 'It is no-answer.']);
  told = { body: { items: [holding('Hot')] } };
  await ports.pass(10);
  expect(page.silencing.of(heat)?.id).toBe('s1');
  stop();
});

test('the gravest first, and each alert is a row of its own', async () => {
  const { page } = await pageWith(known([heat, disk]));
  expect(page.table.visible.map(({ name }) => name)).toEqual(['DiskFull', 'Hot']);
  expect(keyOf(disk)).not.toBe(keyOf({ ...disk, labels: { ...disk.labels, device: '/dev/sdb' } }));
});

describe('a new silence', () => {
  test.each([
    { of: 'one deployment', labels: { environment: 'e1', deployment: 'shop' } },
    { of: 'one certificate', labels: { file: 'shop.pem' } },
    { of: 'one source of the collector', labels: { collector: 'dns' } },
  ])('of $of leaves the others alone', async ({ labels }) => {
    const { page } = await pageWith(known([disk]));
    page.form.open({ ...disk, labels: { ...labels, subject: 's' } });
    const chosen = Object.fromEntries(Object.keys(labels).map((label) => [label, true]));
    expect(page.form.chosen).toEqual({ alertname: true, ...chosen, subject: false });
  });

  test('begins with what names the thing, and needs a reason', async () => {
    const { page, ports } = await pageWith(known([disk]));
    page.form.open(disk);
    expect(page.form.chosen).toEqual({ alertname: true, instance: true, device: true, severity: false });
    await page.form.submit();
    expect(ports.asked.filter(({ method }) => method === 'POST')).toHaveLength(0);
    page.form.reason = 'new disk on its way';
    await page.form.submit();
    const [asked] = ports.asked.filter(({ method }) => method === 'POST');
    expect(asked!.body).toMatchObject({ reason: 'new disk on its way', minutes: 120 });
    expect((asked!.body as { matchers: object[] }).matchers).toHaveLength(3);
    expect(page.form.alert).toBeUndefined();
  });

  test('leaves alone what was opened for another alert meanwhile', async () => {
    const { page } = await pageWith(known([disk]));
    page.form.open(disk);
    page.form.reason = 'because';
    const sending = page.form.submit();
    page.form.open({ ...disk, name: 'Other' });
    await sending;
    expect(page.form.alert?.name).toBe('Other');
  });

  test('a second try carries the key of the first: one silence comes of both', async () => {
    const { page, ports } = await pageWith(known([disk]), [], problem(503, 'no-answer'));
    page.form.open(disk);
    page.form.reason = 'because';
    await page.form.submit();
    expect(page.form.error?.status).toBe(503);
    await page.form.submit();
    const keys = ports.asked.filter(({ method }) => method === 'POST').map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('an alert that is looked at', () => {
  test('is named by the address, and gone from it when it no longer fires', async () => {
    const { page } = await pageWith(known([disk, heat]));
    expect(page.looked).toBeUndefined();
    page.look(heat);
    expect(page.looked).toEqual(heat);
    page.overview.put({ ...page.overview.data!, alerts: { state: 'known', items: [disk] } });
    expect(page.looked).toBeUndefined();
  });

  test('the watchdog, which fires always, is not among them', async () => {
    const { page } = await pageWith(known([{ ...heat, name: 'Watchdog', severity: 'none' }]));
    expect(page.alerts).toEqual([]);
  });

  test('asks for the runbook of its name', async () => {
    const { page, ports } = await pageWith(known([disk]));
    await page.runbookOf('Disk/Full').refresh();
    expect(ports.asked.map(({ path }) => path)).toContain('/alerts/Disk%2FFull/runbook');
  });
});
