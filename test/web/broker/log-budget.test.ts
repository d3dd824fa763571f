// A client that is refused a thousand times a second writes a few lines; none is lost from the count.
import { expect, test } from 'vitest';
import { createLogBudget, linesMax, spanSeconds } from '../../../web/broker/log-budget.ts';

test('lines beyond the bound of a span are left out, and told with the next one', () => {
  const budget = createLogBudget();
  const first = Array.from({ length: 1_000 }, () => budget(0));
  expect(first.filter((leave) => leave !== undefined)).toHaveLength(linesMax);
  expect(budget(spanSeconds - 0.1)).toBeUndefined();
  expect(budget(spanSeconds)).toEqual({ unwritten: 1_000 - linesMax + 1 });
  expect(budget(spanSeconds)).toEqual({ unwritten: 0 });
});
