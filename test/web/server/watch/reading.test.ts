// Known or unknown, rule by rule.
import { expect, test } from 'vitest';
import { keysOf, readOne, sectionOf, unknown } from '../../../../web/server/watch/reading.ts';

const at = (instance: string, value: number) => ({ labels: { instance, job: 'node' }, value });

test.each([
  { given: 'one series', series: [at('a', 3)], gives: { state: 'known', value: 3 } },
  { given: 'zero', series: [at('a', 0)], gives: { state: 'known', value: 0 } },
  { given: 'none', series: [at('b', 3)], gives: { state: 'unknown', reason: 'no data' } },
  {
    given: 'two',
    series: [at('a', 3), at('a', 4)],
    gives: { state: 'unknown', reason: '2 series where one is expected' },
  },
  { given: 'NaN', series: [at('a', Number.NaN)], gives: { state: 'unknown', reason: 'not a number' } },
  {
    given: 'infinity',
    series: [at('a', Number.POSITIVE_INFINITY)],
    gives: { state: 'unknown', reason: 'not a number' },
  },
])('$given', ({ series, gives }) => {
  expect(readOne(series, { instance: 'a' })).toEqual(gives);
});

test('keys are distinct, in order, and lack no label', () => {
  expect(
    keysOf(
      [
        [at('b', 1), at('a', 1)],
        [at('a', 2), { labels: {}, value: 1 }],
      ],
      ['instance'],
    ),
  ).toEqual([{ instance: 'a' }, { instance: 'b' }]);
});

test('a list that could not be read is not an empty list', async () => {
  expect(await sectionOf(async () => [])).toEqual({ state: 'known', items: [] });
  expect(await sectionOf(() => Promise.reject(new Error('gone')))).toEqual(unknown('gone'));
});
