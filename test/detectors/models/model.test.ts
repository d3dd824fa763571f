// Unknown is not zero.
import { expect, test } from 'vitest';
import { unknownScore } from '../../../detectors/models/model.ts';

test('an unknown row has no score, no band and no alert', () => {
  const { score, alert, expectedLow, expectedHigh, contributions } = unknownScore();
  expect([score, expectedLow, expectedHigh].every(Number.isNaN)).toBe(true);
  expect(alert).toBe(0);
  expect(contributions).toEqual([]);
});
