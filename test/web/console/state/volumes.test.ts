// Volumes: what was not measured is unknown, a budget is watched, and deleting one wants its name twice: here and by the server.
import { describe, expect, test } from 'vitest';
import type { VolumeView } from '../../../../core/contracts/volumes.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { meaningOfVolume, sayVolume, usersOf, VolumesPage } from '../../../../web/console/state/volumes.svelte.ts';
import { fakePorts, fakeServer, settle } from '../ports.ts';

const root = '/environments/e1/volumes';
const data: VolumeView = {
  ...{ name: 'vol-data', node: { id: 'n1', name: 'orion' }, created: 1, bytes: 100, budgetBytes: 200 },
  ...{ usedBy: [], attached: false, state: 'present' },
};

async function open(items: VolumeView[] = [data]) {
  const ports = fakePorts(
    fakeServer({
      [`GET ${root}`]: { body: { items } },
      [`POST ${root}`]: { status: 201, body: data },
      [`DELETE ${root}/vol-data`]: { body: {} },
    }),
  );
  const app = new App(ports);
  const page = new VolumesPage(app, 'e1');
  await page.query.refresh();
  const sent = () =>
    ports.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
  return { app, page, sent };
}

describe('what state it is in', () => {
  test.each<[Partial<VolumeView>, string, string]>([
    [{}, 'ok', 'not in use'],
    [{ attached: true }, 'ok', 'in use'],
    [{ attached: null }, 'ok', 'there, use unknown'],
    [{ bytes: 201 }, 'warning', 'over budget'],
    [{ bytes: null }, 'ok', 'not in use'],
    [{ state: 'missing', bytes: null }, 'critical', 'missing'],
    [{ state: 'unknown', bytes: null }, 'unknown', 'unknown'],
  ])('%j', (change, meaning, says) => {
    const one = { ...data, ...change };
    expect([meaningOfVolume(one), sayVolume(one)]).toEqual([meaning, says]);
  });
});

test('the sentence counts what needs somebody', async () => {
  const { page } = await open([
    data,
    { ...data, name: 'vol-b', bytes: 300 },
    { ...data, name: 'vol-c', state: 'missing' },
  ]);
  expect(page.sentence).toBe('3 volumes, 1 over budget, 1 missing.');
});

describe('a new one', () => {
  test('with a budget in MiB, or none', async () => {
    const { page, sent } = await open();
    page.open();
    expect(page.ready).toBe(false);
    [page.name, page.budgetMebibytes] = ['vol-orders', '512'];
    await page.submit();
    page.open();
    page.name = 'vol-cache';
    await page.submit();
    expect(sent().map(([, , body]) => body)).toEqual([
      { name: 'vol-orders', budgetBytes: 536_870_912 },
      { name: 'vol-cache', budgetBytes: null },
    ]);
  });

  test.each(['0', '1.5', 'much', '-1'])('a budget of %s is not sent', async (budget) => {
    const { page, sent } = await open();
    [page.name, page.budgetMebibytes] = ['vol-orders', budget];
    await page.submit();
    expect(sent()).toEqual([]);
  });
});

test('deleting wants the name, and sends it once more', async () => {
  const { app, page, sent } = await open();
  const deleted = page.remove(data);
  await settle();
  expect([app.danger.asked?.about.type, sent()]).toEqual(['vol-data', []]);
  app.danger.answer(true);
  await deleted;
  expect(sent()).toEqual([['DELETE', `${root}/vol-data?confirm=vol-data`, undefined]]);
});

test('who uses it, each once', () => {
  expect(usersOf({ usedBy: ['r1', 'r2'].map((revision) => ({ deployment: 'shop', revision })) })).toEqual(['shop']);
});
