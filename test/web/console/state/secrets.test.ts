// Secrets: a value goes in and is gone from the page, a rotation says where it stands, what is mounted is not removed.
import { describe, expect, test } from 'vitest';
import type { SecretRotation, SecretView } from '../../../../core/contracts/secrets.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { SecretsPage, sayRotation, usersOf } from '../../../../web/console/state/secrets.svelte.ts';
import { fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const root = '/environments/e1/secrets';
const rotation: SecretRotation = {
  ...{ from: 1, to: 2, phase: 'moving', started: 1, ended: null, moved: [], reason: null },
};
const db: SecretView = {
  ...{ name: 'db', created: 1, deployments: ['shop', 'worker'], rotation: null },
  versions: [
    { version: 2, created: 2, state: 'current', usedBy: [{ deployment: 'worker', revision: 'r2' }] },
    {
      ...{ version: 1, created: 1, state: 'old' },
      usedBy: [
        { deployment: 'shop', revision: 'r1' },
        { deployment: 'worker', revision: 'r1' },
      ],
    },
  ],
};

async function open(items: SecretView[] = [db], routes: Record<string, Told> = {}) {
  const ports = fakePorts(
    fakeServer({
      [`GET ${root}`]: { body: { items } },
      [`POST ${root}`]: { status: 201, body: db },
      [`POST ${root}/db/versions`]: { status: 202, body: db },
      [`PUT ${root}/db/deployments`]: { body: db },
      [`DELETE ${root}/db`]: { body: {} },
      ...routes,
    }),
  );
  const app = new App(ports);
  const page = new SecretsPage(app, 'e1');
  await page.query.refresh();
  const sent = () =>
    ports.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
  return { app, page, sent };
}

describe('the sentence of state', () => {
  test.each<[SecretView[], string]>([
    [[], 'No secret.'],
    [[db], '1 secret.'],
    [
      [
        { ...db, rotation },
        { ...db, name: 'b', rotation: { ...rotation, phase: 'failed' } },
      ],
      '2 secrets, 1 being rotated, 1 failed to rotate.',
    ],
  ])('%#', async (items, says) => {
    expect((await open(items)).page.sentence).toBe(says);
  });
});

test('one is made, and its value is gone from the page', async () => {
  const { page, sent } = await open();
  page.open({ kind: 'make' });
  page.value = 'line one\nline two';
  expect(page.ready).toBe(false);
  [page.name, page.deployments] = ['token', 'shop, worker'];
  await page.submit();
  const body = { name: 'token', value: { text: 'line one\nline two' }, deployments: ['shop', 'worker'] };
  expect(sent()).toEqual([['POST', root, body]]);
  expect([page.intent, page.value]).toEqual([undefined, '']);
});

test('a rotation sends the value alone, sharing sends no value', async () => {
  const { page, sent } = await open();
  page.open({ kind: 'rotate', secret: db });
  await page.submit();
  page.value = 'new';
  await page.submit();
  page.open({ kind: 'share', secret: db });
  expect(page.deployments).toBe('shop worker');
  page.deployments = 'shop';
  await page.submit();
  expect(sent()).toEqual([
    ['POST', `${root}/db/versions`, { value: { text: 'new' } }],
    ['PUT', `${root}/db/deployments`, { deployments: ['shop'] }],
  ]);
});

test('what fails stays open with its reason', async () => {
  const { page } = await open([db], { [`POST ${root}/db/versions`]: problem(409, 'rotating') });
  page.open({ kind: 'rotate', secret: db });
  page.value = 'new';
  await page.submit();
  expect([page.intent?.kind, page.sending.general]).toEqual(['rotate', 'It is rotating.']);
  page.close();
  expect(page.value).toBe('');
});

test('a removal wants the name', async () => {
  const { app, page, sent } = await open();
  const removed = page.remove(db);
  await settle();
  expect([app.danger.asked?.about.type, sent()]).toEqual(['db', []]);
  app.danger.answer(true);
  await removed;
  expect(sent().map(([method, path]) => [method, path])).toEqual([['DELETE', `${root}/db`]]);
});

test('who mounts it, each once; where a rotation stands', () => {
  expect(usersOf(db)).toEqual(['shop', 'worker']);
  expect(sayRotation(null)).toBeUndefined();
  expect(sayRotation({ ...rotation, phase: 'done' })).toBeUndefined();
  expect(sayRotation(rotation)).toEqual({ meaning: 'notice', text: 'rotating from version 1 to 2: moving' });
  expect(sayRotation({ ...rotation, phase: 'failed' })?.meaning).toBe('critical');
});
