// The voters together: one vote each, larger where something is wrong, silent where they cannot know.
import { expect, test } from 'vitest';
import { prepareSeries } from '../../../detectors/models/series-rows.ts';
import {
  fitVoters,
  meanError,
  readVotes,
  SERIES_VOTERS,
  withoutFold,
} from '../../../detectors/models/series-voters.ts';
import { trainingRows } from '../../../detectors/models/training.ts';
import { dailyWave, historyOf, monday } from './made-series.ts';

const training = trainingRows(historyOf(dailyWave(4)), []);
const rows = prepareSeries(training);
const voters = fitVoters(rows, training, 1, true);

function votesAt(end: number, level = rows.level, residual = rows.residual, by = voters): number[] {
  const into = new Float64Array(SERIES_VOTERS.length);
  const view = { level, levelEnd: end, residual, residualEnd: end, season: rows.past, seasonAt: end - 1 };
  readVotes(by, { ...view, timeSeconds: monday + (end - 1) * 300 }, into, 100);
  return [...into];
}

test('every voter has its say on an ordinary row', () => {
  expect(votesAt(1000).every(Number.isFinite)).toBe(true);
});

test('a spike raises every voter that looks at values', () => {
  const level = rows.level.slice();
  const residual = rows.residual.slice();
  level[999]! += 30;
  residual[999]! += 30;
  const usual = votesAt(1000);
  votesAt(1000, level, residual).forEach((vote, voter) => {
    if (SERIES_VOTERS[voter] !== 'time-of-week') expect(vote, SERIES_VOTERS[voter]).toBeGreaterThan(usual[voter]!);
  });
});

test('a young model without long voters leaves their votes open', () => {
  const short = fitVoters(rows, training, 1, false);
  const open = votesAt(1000, rows.level, rows.residual, short).map(Number.isNaN);
  expect(SERIES_VOTERS.filter((_, voter) => open[voter])).toEqual(['level-96', 'shape-96']);
});

test('a fold that is left out changes shapes only', () => {
  const { shape, longShape, ...others } = withoutFold(voters, rows, [200, 500]);
  expect(voters).toMatchObject(others);
  expect(shape).not.toEqual(voters.shape);
  expect(longShape).not.toEqual(voters.longShape);
});

test.each([
  { errors: [3, 6, 9], expected: 6 },
  { errors: [3, 5, Number.NaN], expected: 4 },
  { errors: [3, Number.NaN, Number.NaN], expected: 3 },
  { errors: [Number.NaN, 3, 3], expected: Number.NaN },
])('the mean error of $errors is $expected', ({ errors, expected }) => {
  expect(meanError(errors[0]!, errors[1]!, errors[2]!)).toEqual(expected);
});
