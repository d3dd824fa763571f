// Lines of several replicas in the order of their times, as long as none is later than the wait; what does not fit is counted.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../../../../core/contracts/logs.ts';
import { LineMerge, sortByTime } from '../../../../web/server/logs/merge.ts';

const line = (time: number, text = 'x'): LogLine => ({
  ...{ time: String(time).padStart(9, '0'), replica: 'a.1', stream: 'stdout', level: 'unknown', text, cut: false },
});
const bounds = { holdSeconds: 0.25, linesMax: 1_000, lengthMax: 1_000_000 };

test('lines that arrive out of order within the wait come in order, none lost', () => {
  const arrivals = fc.array(
    fc.record({ time: fc.integer({ min: 0, max: 10_000 }), late: fc.integer({ min: 0, max: 200 }) }),
  );
  fc.assert(
    fc.property(arrivals, (lines) => {
      const merge = new LineMerge(bounds);
      const taken: LogLine[] = [];
      const byArrival = lines.map(({ time, late }) => ({ time, at: time + late })).toSorted((a, b) => a.at - b.at);
      for (const { time, at } of byArrival) {
        taken.push(...merge.take(at / 1_000));
        merge.push(line(time), at / 1_000);
      }
      taken.push(...merge.take(60));
      expect(taken).toEqual(sortByTime(lines.map(({ time }) => line(time))));
    }),
  );
});

test('nothing comes before its wait is over', () => {
  const merge = new LineMerge(bounds);
  merge.push(line(1), 10);
  expect(merge.take(10.2)).toEqual([]);
  expect(merge.take(10.3)).toHaveLength(1);
});

test.each([
  { given: 'too many lines', limits: { linesMax: 3 }, text: 'x' },
  { given: 'too much text', limits: { lengthMax: 30 }, text: 'x'.repeat(10) },
])('$given: the oldest go, and are counted once', ({ limits, text }) => {
  const merge = new LineMerge({ ...bounds, ...limits });
  for (let i = 0; i < 10; i++) merge.push(line(i, text), 0);
  expect(merge.takeDropped()).toBe(7);
  expect(merge.takeDropped()).toBe(0);
  expect(merge.take(1).map(({ time }) => Number(time))).toEqual([7, 8, 9]);
});
