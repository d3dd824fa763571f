// The way into Grafana: none while there is none, and the time that is looked at goes along.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { GrafanaWay } from '../../../../web/console/state/grafana.svelte.ts';
import { fakePorts, fakeServer } from '../ports.ts';

async function way(address: string, body: object = { configured: true }) {
  const ports = fakePorts(fakeServer({ 'GET /grafana': { body } }), address);
  const found = new GrafanaWay(new App(ports));
  const before = found.href('odyssey-node');
  await found.look();
  await found.look();
  return { found, before, asked: ports.asked.length };
}

test('no link before it is known, and none where there is no Grafana', async () => {
  const { found, before, asked } = await way('/', { configured: false });
  expect([before, found.href('odyssey-node'), asked]).toEqual([undefined, undefined, 1]);
});

test.each([
  ['/', 'from=now-1h&to=now'],
  ['/?range=7d', 'from=now-7d&to=now'],
  ['/?from=1000&to=4600', 'from=1000000&to=4600000'],
])('at %s: %s', async (address, span) => {
  expect((await way(address)).found.href('odyssey-node')).toBe(`/grafana/d/odyssey-node?${span}`);
});

test('variables are named and written so that they stay one value', async () => {
  const { found } = await way('/');
  expect(found.href('odyssey-gpu', { uuid: 'a&b=c' })).toBe(
    '/grafana/d/odyssey-gpu?from=now-1h&to=now&var-uuid=a%26b%3Dc',
  );
});
