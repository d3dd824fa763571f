// Back-off of crashed processes.
import { describe, expect, test } from 'vitest';
import { nextWait, noCrashes } from '../../../compose/start/back-off.ts';

/** The waits after crashes that each came so many seconds after the start. */
function waits(lives: readonly number[]): number[] {
  let history = noCrashes;
  return lives.map((lived) => {
    const next = nextWait(history, lived);
    history = next.history;
    return next.waitSeconds;
  });
}

describe('back-off', () => {
  test.each([
    { given: 'one crash', lives: [3], expected: [1] },
    { given: 'crashes in a row', lives: [0, 0, 0, 0, 0, 0, 0, 0], expected: [1, 2, 4, 8, 16, 32, 60, 60] },
    { given: 'a minute of health in between', lives: [0, 0, 0, 60, 0], expected: [1, 2, 4, 1, 2] },
    { given: 'just less than a minute', lives: [0, 59.9], expected: [1, 2] },
    { given: 'a thousand crashes', lives: new Array(1_000).fill(0), expected: expect.arrayContaining([60]) },
  ])('$given → $expected', ({ lives, expected }) => {
    expect(waits(lives)).toEqual(expected);
    expect(Math.max(...waits(lives))).toBeLessThanOrEqual(60);
  });
});
