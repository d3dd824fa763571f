// When training is due: six hours apart, sooner while young, spread out, and never all at once.
import { describe, expect, test } from 'vitest';
import { secondsUntilNext, secondsUntilRetrain } from '../../../detectors/training/schedule.ts';

const pace = { retrainSeconds: 21_600, rowSeconds: 60, windowSeconds: 604_800 };
const middle = () => 0.5;

describe('after a training', () => {
  test.each([
    { given: 'a full week', rows: 10_080, failures: 0, seconds: 21_600 },
    { given: 'a day of history: once more at half as much again', rows: 1_440, failures: 0, seconds: 21_600 },
    { given: 'three hours of history', rows: 180, failures: 0, seconds: 5_400 },
    { given: 'a first failure', rows: 0, failures: 1, seconds: 60 },
    { given: 'many failures', rows: 0, failures: 40, seconds: 3_600 },
  ])('$given → $seconds s', ({ rows, failures, seconds }) => {
    expect(secondsUntilNext({ outcomes: [], rows, failures }, pace, middle)).toBeCloseTo(seconds);
  });

  test('with too few rows it waits until there are enough', () => {
    const wait = secondsUntilNext({ outcomes: ['too-few-rows'], rows: 10, failures: 0 }, pace, middle);
    expect(wait).toBeGreaterThanOrEqual(50 * 60);
  });

  test('keys that began together drift apart by a tenth either way', () => {
    const waits = [0, 1].map((chance) =>
      secondsUntilNext({ outcomes: [], rows: 10_080, failures: 0 }, pace, () => chance),
    );
    expect(waits).toEqual([0.9 * 21_600, 1.1 * 21_600]);
  });
});

describe('a loaded model', () => {
  test.each([
    { given: 'an hour old', age: 3_600, seconds: 18_000 },
    { given: 'a day old', age: 86_400, seconds: 300 },
    { given: 'from the future: the clock was set back', age: -4e7, seconds: 300 },
    { given: 'from another year: the clock was set forth', age: 4e7, seconds: 300 },
  ])('$given is due in $seconds s', ({ age, seconds }) => {
    expect(secondsUntilRetrain(1e9, 1e9 + age, pace, middle)).toBeCloseTo(seconds);
  });
});
