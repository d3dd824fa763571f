// The alert gauge: it rises once, and falls after calm, by a person's word, or after a day.
import { describe, expect, test } from 'vitest';
import { type AlertLatch, alertStretches, expectAlert, observeAlert, openLatch } from '../../detectors/alert-latch.ts';

const minute = 60;
type Step = { at: number; score: number; alert?: number };
const run = (steps: Step[]): AlertLatch => {
  const latch = openLatch();
  for (const { at, score, alert = 0 } of steps) observeAlert(latch, at, score, alert);
  return latch;
};
const every = (from: number, to: number, score: number): Step[] =>
  Array.from({ length: Math.floor((to - from) / 15) + 1 }, (_, index) => ({ at: from + index * 15, score }));
const rise: Step = { at: 0, score: 99.99, alert: 1 };

describe('an alert', () => {
  test.each([
    { given: 'a high score alone', steps: every(0, minute, 100), raised: false },
    { given: 'a first exceedance', steps: [rise], raised: true },
    { given: 'a graded alert just below its level', steps: [{ at: 0, score: 100, alert: 0.99 }], raised: false },
    { given: 'calm for less than 5 minutes', steps: [rise, ...every(15, 5 * minute - 15, 50)], raised: true },
    { given: 'calm for 5 minutes', steps: [rise, ...every(15, 5 * minute, 50)], raised: false },
    {
      given: 'a restless score in between',
      steps: [rise, ...every(15, 270, 50), { at: 285, score: 99.6 }, ...every(300, 570, 50)],
      raised: true,
    },
    { given: 'a day of restlessness', steps: [rise, ...every(15, 86_400, 100)], raised: false },
    { given: 'silence, which is not calm', steps: [rise, { at: 4 * minute, score: 99.9 }], raised: true },
  ])('$given → raised $raised', ({ steps, raised }) => {
    expect(run(steps).raisedAtSeconds !== undefined).toBe(raised);
  });

  test('"this was expected" closes it and forgets its stretch', () => {
    const latch = run([rise]);
    expectAlert(latch, -10, 10);
    expect([latch.raisedAtSeconds, alertStretches(latch, 100)]).toEqual([undefined, []]);
  });

  test('a word about another time changes nothing', () => {
    const latch = run([rise]);
    expectAlert(latch, 100, 200);
    expect(latch.raisedAtSeconds).toBe(0);
  });
});

test('stretches are past alerts and the present one, and bounded', () => {
  const latch = openLatch();
  for (let day = 0; day < 100; day++) {
    observeAlert(latch, day * 86_400, 100, 1);
    observeAlert(latch, day * 86_400 + 400, 10, 0);
  }
  observeAlert(latch, 9e6, 100, 2);
  const stretches = alertStretches(latch, 9e6 + 60);
  expect(stretches.length).toBe(65);
  expect(stretches.at(-1)).toEqual({ startSeconds: 9e6, endSeconds: 9e6 + 60 });
});
