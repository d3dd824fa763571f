// What is said where a moment is not found; and times of lines as fields and addresses hold them.
import { describe, expect, test } from 'vitest';
import { isLineTime, readUtcField, sayLineTime, sayMissed } from '../../../../web/console/values/log-words.ts';

const at = '2027-01-15T08:00:00.000000000';
const [earlier, later] = ['2027-01-15T07:00:00.000000000Z', '2027-01-15T09:00:00.000000000Z'];
const none = { at, first: earlier, older: 'none', completeFrom: null } as const;

describe('a moment that is not found', () => {
  test.each([
    {
      given: 'a line that is gone',
      found: { ...none, linked: true, first: later },
      said: /no longer has this line: .* begins at 2027-01-15 09:00:00 UTC/,
    },
    {
      given: 'a time before the beginning',
      found: { ...none, linked: false, first: later },
      said: /no longer has anything of that time/,
    },
    {
      given: 'a line too far back',
      found: { ...none, linked: true, older: 'beyond', completeFrom: later },
      said: /cannot be read whether .* this line.* from 2027-01-15 09:00:00 UTC on/,
    },
    {
      given: 'a time too far back, with nothing left of it',
      found: { ...none, linked: false, older: 'beyond', first: undefined },
      said: /newest lines of a replica, which are all that is read of it\.$/,
    },
    {
      given: 'a line of something that is not chosen',
      found: { ...none, linked: true },
      said: /not among those chosen here/,
    },
    {
      given: 'no line at all',
      found: { ...none, linked: true, first: undefined },
      said: /Nothing that is chosen here/,
    },
  ] as const)('$given', ({ found, said }) => {
    expect(sayMissed(found)).toMatch(said);
  });

  test('a time between lines is nothing to complain about', () => {
    expect(sayMissed({ ...none, linked: false })).toBeUndefined();
    expect(sayMissed({ ...none, linked: false, older: 'beyond' })).toBeUndefined();
  });
});

test.each([
  { field: '2027-01-15T08:00', time: '2027-01-15T08:00:00Z' },
  { field: '2027-01-15T08:00:12', time: '2027-01-15T08:00:12Z' },
  { field: '', time: undefined },
  { field: 'yesterday', time: undefined },
])('the field “$field” means $time', ({ field, time }) => {
  expect(readUtcField(field)).toBe(time);
});

test('only times of lines are asked for', () => {
  const given = ['2027-01-15T08:00:00Z', '2027-01-15T08:00:00.123456789Z', '2027-01-15T08:00:00', 't1', undefined];
  expect(given.map(isLineTime)).toEqual([true, true, false, false, false]);
  expect(sayLineTime(later)).toBe('2027-01-15 09:00:00 UTC');
});
