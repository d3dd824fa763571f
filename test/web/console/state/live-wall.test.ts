// The live wall: as many series and points as the proof counts on, moving once a second.
import { expect, test } from 'vitest';
import { LiveWall } from '../../../../web/console/state/live-wall.svelte.ts';
import { fakePorts } from '../ports.ts';

test('fifty series of 600 points move on by one point a second, until stopped', async () => {
  const ports = fakePorts();
  const wall = new LiveWall(ports);
  const [first, end] = [wall.series[0]!.values[1], wall.span.end];
  const stop = wall.follow();
  await ports.pass(1);
  expect([wall.updates, wall.series[0]!.values[0], wall.span.end]).toEqual([1, first, end + 1]);
  stop();
  await ports.pass(10);
  expect([wall.updates, wall.series.length, new Set(wall.series.map(({ values }) => values.length)).size]).toEqual([
    1, 50, 1,
  ]);
  expect([wall.series[7]!.values.length, wall.times.length]).toEqual([600, 600]);
});
