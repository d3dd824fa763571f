// Containers that ran out of memory as a metric: under the names of their replicas, the newest time each, all counted, and not for ever.
import { expect, test } from 'vitest';
import { EventRing } from '../../../../web/server/observed/events.ts';
import { eventSamples } from '../../../../web/server/observed/figures.ts';

function ringOf(events: readonly [seconds: number, name: string, action?: string][]): EventRing {
  const ring = new EventRing();
  for (const [seconds, name, Action = 'oom'] of events)
    ring.add({ Type: 'container', Action, timeNano: seconds * 1e9, Actor: { ID: name, Attributes: { name } } });
  return ring;
}

const shown = (events: Parameters<typeof ringOf>[0], now: number) =>
  eventSamples(ringOf(events), now)
    .filter(({ name }) => name === 'odyssey_container_oom_timestamp_seconds')
    .map(({ labels, value }) => [labels['name'], value]);

test.each([
  { given: 'nothing happened', events: [], series: [] },
  { given: 'a container ended otherwise', events: [[100, 'web', 'die']], series: [] },
  { given: 'one ran out of memory', events: [[100, 'web']], series: [['web', 100]] },
  {
    given: 'two tasks of one slot',
    events: [
      [100, `shop-r2.1.${'a'.repeat(25)}`],
      [160, `shop-r2.1.${'b'.repeat(25)}`],
    ],
    series: [['shop-r2.1', 160]],
  },
  { given: 'a name with dots', events: [[100, 'web.eu.1']], series: [['web.eu.1', 100]] },
] as { given: string; events: [number, string, string?][]; series: [string, number][] }[])(
  '$given',
  ({ events, series }) => {
    expect(shown(events, 200)).toEqual(series);
  },
);

test('it is told for an hour, and of 500 containers at most', () => {
  expect(shown([[100, 'web']], 3_700)).toHaveLength(1);
  expect(shown([[100, 'web']], 3_701)).toEqual([]);
  const many = Array.from({ length: 700 }, (_, i) => [i, `c${i}`] as [number, string]);
  expect(shown(many, 700)).toHaveLength(500);
  expect(shown(many, 700)[0]).toEqual(['c699', 699]);
});

test('all are counted, from 0 on', () => {
  const counted = (ring: EventRing) =>
    eventSamples(ring, 0).find(({ name }) => name === 'odyssey_container_oom_events_total')?.value;
  expect(counted(ringOf([]))).toBe(0);
  expect(
    counted(
      ringOf([
        [1, 'web'],
        [2, 'web'],
        [3, 'web', 'die'],
      ]),
    ),
  ).toBe(2);
});
