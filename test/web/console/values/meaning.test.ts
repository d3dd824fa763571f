// Meanings: what weighs most, and that silence is no good news.
import { expect, test } from 'vitest';
import { meaningOfSeverity, worst } from '../../../../web/console/values/meaning.ts';

test('a severity is read as written, and a strange one is unknown', () => {
  expect(['critical', 'Warning', 'info', 'page', 'purple', ''].map(meaningOfSeverity)).toEqual([
    ...['critical', 'warning', 'notice', 'critical', 'unknown', 'unknown'],
  ]);
});

test.each([
  { all: [], says: 'unknown' },
  { all: ['ok', 'ok'], says: 'ok' },
  { all: ['ok', 'unknown'], says: 'unknown' },
  { all: ['unknown', 'warning', 'ok'], says: 'warning' },
  { all: ['warning', 'critical', 'notice'], says: 'critical' },
] as const)('$all → $says', ({ all, says }) => {
  expect(worst(all)).toBe(says);
});
