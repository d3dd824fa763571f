// What is unusual about a deployment's replicas: its own, rarer than 1 in 100 or with an alert, three of them, and only for those who may see it.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { UnusualReplicas } from '../../../../web/console/state/deployment-unusual.svelte.ts';
import { detector, series, silent } from '../overviews.ts';
import { adminSession, fakePorts, settle } from '../ports.ts';

const of = (name: string, deployment: string, score: number, raised = false) =>
  series(name, score, { labels: { name, deployment }, alert: { raised, sinceSeconds: null } });

async function shownOf(items: object[], session: object = adminSession, detectors: object[] = [detector('container')]) {
  const ports = fakePorts(({ path }) => ({ body: path.startsWith('/session') ? session : { items, detectors } }));
  const app = new App(ports);
  app.begin();
  await settle();
  const unusual = new UnusualReplicas(app, 'shop');
  const stop = unusual.follow(() => true);
  await settle();
  stop();
  const { more, unjudged } = unusual;
  return { names: unusual.shown.map(({ name }) => name), more, unjudged, asked: ports.asked };
}

test.each([
  { given: 'one that is rare', items: [of('shop-r2.1', 'shop', 99.9)], names: ['shop-r2.1'], more: 0 },
  { given: 'one with an alert that fades', items: [of('shop-r2.1', 'shop', 80, true)], names: ['shop-r2.1'], more: 0 },
  { given: 'ordinary ones', items: [of('shop-r2.1', 'shop', 80)], names: [], more: 0 },
  { given: "another deployment's", items: [of('mailer-r1.1', 'mailer', 99.9)], names: [], more: 0 },
  {
    given: 'five',
    items: [1, 2, 3, 4, 5].map((slot) => of(`shop-r2.${slot}`, 'shop', 99.9)),
    names: ['shop-r2.1', 'shop-r2.2', 'shop-r2.3'],
    more: 2,
  },
])('of $given: $names', async ({ items, names, more }) => {
  expect(await shownOf(items)).toMatchObject({ names, more });
});

test.each([
  {
    given: 'a detector that is silent',
    items: [],
    detectors: [{ ...silent, detector: 'container' }],
    says: /does not answer/,
  },
  {
    given: 'one that learns',
    items: [{ ...of('shop-r2.1', 'shop', 0), score: null, warmingSecondsLeft: 60 }],
    says: /learning/,
  },
])('with $given nothing is called ordinary', async ({ items, detectors, says }) => {
  expect((await shownOf(items, adminSession, detectors)).unjudged).toMatch(says);
});

test('with a verdict nothing is unjudged', async () => {
  expect((await shownOf([of('shop-r2.1', 'shop', 80)])).unjudged).toBeUndefined();
});

test('who may not see what is judged does not ask for it', async () => {
  const session = { ...adminSession, permissions: ['deployment:read'] };
  const { names, unjudged, asked } = await shownOf([of('shop-r2.1', 'shop', 99.9)], session);
  expect([names, unjudged, asked.filter(({ path }) => path.includes('anomalies'))]).toEqual([[], undefined, []]);
});
