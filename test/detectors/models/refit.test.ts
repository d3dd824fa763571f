// An entity is refitted when its history has grown by half, or after four weeks.
import { expect, test } from 'vitest';
import { entityRefitDue } from '../../../detectors/models/refit.ts';

const day = 86_400;
test.each([
  { given: 'a young model that has doubled', rowsNow: 600, days: 0.2, due: true },
  { given: 'a young model that has hardly grown', rowsNow: 350, days: 0.2, due: false },
  { given: 'after a week', rowsNow: 310, days: 7, due: false },
  { given: 'after four weeks', rowsNow: 310, days: 28, due: true },
])('$given: $due', ({ rowsNow, days, due }) => {
  expect(entityRefitDue({ rows: 300, trainedAtSeconds: 1000 }, rowsNow, 1000 + days * day)).toBe(due);
});
