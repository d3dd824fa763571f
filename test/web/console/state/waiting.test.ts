// Counts of the rail: only what waits for a person; what nobody knows is no count.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { Waiting } from '../../../../web/console/state/waiting.svelte.ts';
import { calm, known, quiet, silent } from '../overviews.ts';
import { fakePorts, fakeServer, problem, type Told } from '../ports.ts';

const alert = (severity: string) => ({ ...quiet, name: 'A', severity, labels: {} });
const threat = (tier: string, more = {}) => ({ pid: 7, tier, category: 'crypto_miners', ...more });
const report = (...threats: object[]) => known([{ instance: 'h1', threats }]);

const silenceOf = (name: string) => ({
  ...{ id: 's', state: 'active', endSeconds: 9, alerts: [] },
  matchers: [{ name: 'alertname', value: name, isRegex: false, isEqual: true }],
});

async function countsOf(overview: object, threats: object, may = true, silences: Told = { body: { items: [] } }) {
  const routes = { 'GET /overview': { body: overview }, 'GET /threats': { body: threats }, 'GET /silences': silences };
  const ports = fakePorts(fakeServer(routes));
  const { api, queries } = new App(ports);
  const session = { can: () => may } as unknown as App['session'];
  const waiting = new Waiting({ api, queries, session });
  const stop = waiting.follow(() => true);
  await ports.pass(1);
  stop();
  return { counts: waiting.counts, asked: ports.asked.length };
}

test('alerts and threats are counted by the gravest of them', async () => {
  const firing = { ...calm, alerts: known([alert('warning'), alert('critical'), alert('none')]) };
  const { counts } = await countsOf(firing, report(threat('low'), threat('critical', { allowedBy: 'e' })));
  expect(counts).toEqual({
    '/alerts': { number: 2, meaning: 'critical', words: '2 firing' },
    '/processes': { number: 1, meaning: 'notice', words: '1 like a threat' },
  });
});

test.each([
  { given: 'what is silenced is not counted', told: { body: { items: [silenceOf('A')] } }, number: 1 },
  { given: 'what may be silenced is, while nobody knows', told: problem(503, 'no-answer'), number: 2 },
])('$given', async ({ told, number }) => {
  const firing = { ...calm, alerts: known([alert('warning'), { ...alert('critical'), name: 'B' }]) };
  expect((await countsOf(firing, report(), true, told)).counts['/alerts']).toMatchObject({ number });
});

test.each([
  { given: 'nothing waits', overview: calm, threats: report() },
  { given: 'nobody knows', overview: { ...calm, alerts: silent }, threats: silent },
])('no number stands there while $given', async ({ overview, threats }) => {
  expect((await countsOf(overview, threats)).counts).toEqual({});
});

test('who may not watch asks nothing', async () => {
  expect((await countsOf(calm, report(), false)).asked).toBe(0);
});
