// Entries of a log: stack traces stay with their line, JSON opens, nothing in a line is alive.
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../../core/contracts/logs.ts';
import { addLines, foldedLines, type LogEntry, rowText } from '../../../../web/console/values/log-entries.ts';
import { windowOfEdges } from '../../../../web/console/values/window.ts';

const line = (text: string, replica = 'api-r1.1'): LogLine => ({
  ...{ time: '2027-01-15T08:00:00.000000001Z', replica, stream: 'stdout', level: 'error', cut: false },
  text,
});
const entriesOf = (lines: LogLine[]) => {
  const entries: LogEntry[] = [];
  const next = addLines(entries, lines, 1);
  return { entries, next };
};

test('a trace belongs to the line it explains, lines of another replica do not', () => {
  const { entries, next } = entriesOf([
    ...[line('Error: no'), line('    at run (a.js:1:2)'), line('    at more'), line('    indented', 'api-r1.2')],
    ...[line('Caused by: disk'), line('next')],
  ]);
  expect(entries.map(({ line: { text }, rest }) => [text, rest.length])).toEqual([
    ...[
      ['Error: no', 2],
      ['    indented', 0],
      ['Caused by: disk', 0],
      ['next', 0],
    ],
  ]);
  expect([next, new Set(entries.map(({ id }) => id)).size]).toEqual([5, 4]);
});

test('an endless trace is parted', () => {
  const { entries } = entriesOf([line('Error'), ...Array.from({ length: 500 }, () => line('   at x'))]);
  expect(entries.every(({ rest }) => rest.length <= 200)).toBe(true);
  expect(entries.length).toBe(3);
});

describe('what is seen', () => {
  const entry = (text: string, rest: string[] = []): LogEntry => ({ id: 1, line: line(text), rest });

  test.each([
    { given: 'plain text', text: 'GET /', folded: [] },
    {
      given: 'JSON',
      text: '{"level":"info","user":{"id":1},"msg":"hi"}',
      folded: ['level: info', 'user: {"id":1}', 'msg: hi'],
    },
    { given: 'what only begins like JSON', text: '{oops', folded: [] },
  ])('$given', ({ text, folded }) => {
    expect(foldedLines(entry(text))).toEqual(folded);
  });

  test('hostile lines are text, cut to a length, whole when opened', () => {
    expect(rowText(entry('\u001b[31m<b>\u202e'))).toBe('<b>�');
    const long = entry('x'.repeat(5_000));
    expect(rowText(long).length).toBe(2_001);
    expect(foldedLines(long).join('')).toBe('x'.repeat(5_000));
  });
});

describe('window of rows of different heights', () => {
  const edges = Float64Array.from({ length: 1_001 }, (_, index) => index * 20 + (index > 500 ? 400 : 0));

  test.each([0, 5_000, 10_100, 10_399, 20_400, 99_999])('scrolled to %d: what is in sight is drawn', (scrollTop) => {
    const { first, end, before, after } = windowOfEdges(edges, scrollTop, 300, 2);
    const whole = edges[1_000]!;
    expect(before + (edges[end]! - edges[first]!) + after).toBe(whole);
    const top = Math.min(scrollTop, whole - 1);
    expect(edges[first]!).toBeLessThanOrEqual(top);
    expect(edges[end]!).toBeGreaterThanOrEqual(Math.min(whole, top + 300));
    expect(end - first).toBeLessThan(40);
  });

  test('nothing is nothing', () => {
    expect(windowOfEdges([0], 0, 300)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
  });
});
