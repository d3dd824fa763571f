// Which lines a reader gets: by text, by level, and the last so many.
import { expect, test } from 'vitest';
import type { LogLine } from '../../../../core/contracts/logs.ts';
import { filterOf, tailToRead, toUnixSeconds } from '../../../../web/server/logs/choose.ts';

const line: LogLine = {
  ...{ time: '2026-11-21T13:00:00.123456789Z', replica: 'a.1', stream: 'stderr', level: 'error', cut: false },
  text: 'Connection (refused) by DB',
};

test.each([
  { given: {}, kept: true },
  { given: { search: 'REFUSED' }, kept: true },
  { given: { search: '(refused)' }, kept: true },
  { given: { search: '.*' }, kept: false },
  { given: { levels: 'warn,error' }, kept: true },
  { given: { levels: 'info,unknown' }, kept: false },
  { given: { levels: 'error', search: 'nothing' }, kept: false },
])('$given keeps it: $kept', ({ given, kept }) => expect(filterOf(given)(line)).toBe(kept));

test.each([
  { query: { tail: 200, follow: 'true' }, read: 200 },
  { query: { tail: 0, follow: 'true', search: 'x' }, read: 0 },
  { query: { tail: 5, follow: 'true', search: 'x' }, read: 10_000 },
  { query: { tail: 5, follow: 'true', levels: 'error' }, read: 10_000 },
] as const)('$query reads $read', ({ query, read }) => expect(tailToRead(query)).toBe(read));

test('a time becomes seconds, and nonsense nothing', () => {
  expect(toUnixSeconds(line.time)).toBe(Date.parse('2026-11-21T13:00:00.123Z') / 1000);
  expect(toUnixSeconds('yesterday')).toBeUndefined();
});
