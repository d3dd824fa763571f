// What was done with a deployment: found in the environment that has it, told as ticks of two kinds.
import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../../core/contracts/deployments.ts';
import { AnomalySeriesPage } from '../../../../web/console/state/anomaly-series.svelte.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { Deeds, deedsOf } from '../../../../web/console/state/deeds.svelte.ts';
import { fakePorts, fakeServer, type Told } from '../ports.ts';

const now = 1_800_000_000;

function operation(more: Partial<Operation>): Operation {
  return {
    ...{ id: 'a', environment: 'e2', deployment: 'shop', kind: 'update', revision: 'r14', actor: 'ann' },
    ...{ state: 'done', outcome: '', started: now - 600, ended: now - 590 },
    ...more,
  } as Operation;
}

const server: Record<string, Told> = {
  'GET /environments': { body: { items: [{ id: 'e1' }, { id: 'e2' }] } },
  'GET /environments/e1/deployments': { body: { items: [{ name: 'other' }] } },
  'GET /environments/e2/deployments': { body: { items: [{ name: 'shop' }] } },
  'GET /environments/e2/deployments/shop/operations': {
    body: {
      items: [operation({ id: 'b', kind: 'scale', started: now - 60 }), operation({}), operation({ started: 1 })],
    },
  },
};

describe('operations as ticks', () => {
  test.each([
    { kind: 'deploy', tick: 'deploy' },
    { kind: 'rollback', tick: 'deploy' },
    { kind: 'restart', tick: 'deploy' },
    { kind: 'stop', tick: 'scale' },
    { kind: 'scale', tick: 'scale' },
    { kind: 'remove', tick: undefined },
    { kind: 'prune', tick: undefined },
  ] as const)('$kind → $tick', ({ kind, tick }) => {
    expect(deedsOf([operation({ kind })])[0]?.kind).toBe(tick);
  });

  test('oldest first, in words that say what became of it', () => {
    const [first, second] = deedsOf([operation({ started: 20, state: 'failed' }), operation({ started: 10 })]);
    expect([first!.atSeconds, second!.atSeconds]).toEqual([10, 20]);
    expect(first!.words).not.toBe(second!.words);
    expect(second!.words).toContain('failed');
  });
});

test('the environment that has it is looked up once', async () => {
  const ports = fakePorts(fakeServer(server));
  const deeds = new Deeds(new App(ports), 'shop');
  await deeds.query.refresh();
  await deeds.query.refresh();
  expect(deeds.all.map(({ id }) => id)).toEqual(['a', 'a', 'b']);
  expect(ports.asked.filter(({ path }) => path === '/environments')).toHaveLength(1);
});

test('what was done with a deployment that nobody here may see is unknown, as with a server that is silent', async () => {
  const deeds = new Deeds(new App(fakePorts(fakeServer(server))), 'secret');
  await deeds.query.refresh();
  expect([deeds.query.data, deeds.all]).toEqual([null, []]);
  const silent = new Deeds(new App(fakePorts(fakeServer({ 'GET /environments': 'down' }))), 'shop');
  await silent.query.refresh();
  expect(silent.query.data).toBeUndefined();
  expect(silent.query.error).toBeDefined();
});

test('the score card has them between its alerts, as far as they lie in the time looked at', async () => {
  const labels = encodeURIComponent(JSON.stringify({ name: 'shop-r14.1', deployment: 'shop', metric: 'cpu' }));
  const page = new AnomalySeriesPage(
    new App(fakePorts(fakeServer(server), `/anomalies/series?detector=container&labels=${labels}`)),
  );
  await page.deeds!.query.refresh();
  expect(page.marks).toEqual([
    { atSeconds: now - 600, kind: 'deploy' },
    { atSeconds: now - 60, kind: 'scale' },
  ]);
});
