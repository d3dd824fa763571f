// Networks: the environment's own stands first and is left alone; attaching replaces replicas and is asked about.
import { expect, test } from 'vitest';
import type { NetworkView } from '../../../../core/contracts/volumes.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { NetworksPage } from '../../../../web/console/state/networks.svelte.ts';
import { fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const root = '/environments/e1/networks';
const main: NetworkView = {
  ...{ name: 'main', main: true, internal: true, subnet: null, created: null, deployments: ['shop', 'worker'] },
};
const back: NetworkView = { ...main, name: 'back', main: false, deployments: ['worker'] };

async function open(routes: Record<string, Told> = {}) {
  const ports = fakePorts(
    fakeServer({
      [`GET ${root}`]: { body: { items: [back, main] } },
      'GET /environments/e1/deployments': { body: { items: [{ name: 'shop' }, { name: 'worker' }] } },
      [`POST ${root}`]: { status: 201, body: back },
      [`PUT ${root}/back/deployments/shop`]: { body: {} },
      [`DELETE ${root}/back/deployments/worker`]: { body: {} },
      [`DELETE ${root}/back`]: { body: {} },
      ...routes,
    }),
  );
  const app = new App(ports);
  const page = new NetworksPage(app, 'e1');
  await Promise.all([page.query.refresh(), page.deployments.refresh()]);
  const sent = () =>
    ports.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
  /** Answers the next question with yes. */
  const agree = async (act: Promise<void>) => {
    await settle();
    expect(app.danger.asked).toBeDefined();
    app.danger.answer(true);
    await act;
  };
  return { app, page, sent, agree };
}

test('the environment’s own first, and counted apart', async () => {
  const { page } = await open();
  expect(page.items.map(({ name }) => name)).toEqual(['main', 'back']);
  expect(page.sentence).toBe('The environment’s own network and 1 more.');
});

test('what is not attached yet can be; the environment’s own is not chosen', async () => {
  const { page } = await open();
  expect([page.attachable(back), page.attachable(main)]).toEqual([['shop'], []]);
});

test('attaching, detaching and removing are asked about', async () => {
  const { page, sent, agree } = await open();
  await agree(page.setAttached(back, 'shop', true));
  await agree(page.setAttached(back, 'worker', false));
  await agree(page.remove(back));
  expect(sent().map(([method, path]) => `${method} ${path}`)).toEqual([
    `PUT ${root}/back/deployments/shop`,
    `DELETE ${root}/back/deployments/worker`,
    `DELETE ${root}/back`,
  ]);
});

test('who turns away changes nothing; what fails is said and can be tried again', async () => {
  const { app, page, sent, agree } = await open({ [`PUT ${root}/back/deployments/shop`]: problem(503, 'no-engine') });
  const turned = page.setAttached(back, 'shop', true);
  await settle();
  app.danger.answer(undefined);
  await turned;
  expect(sent()).toEqual([]);
  await agree(page.setAttached(back, 'shop', true));
  expect([page.moving, app.toasts.shown[0]?.kind]).toEqual([undefined, 'failed']);
});

test('a new one has no way out unless that is wanted', async () => {
  const { page, sent } = await open();
  page.open();
  await page.submit();
  page.name = ' front ';
  await page.submit();
  expect(sent()).toEqual([['POST', root, { name: 'front', internal: true }]]);
  expect(page.opened).toBe(false);
});
