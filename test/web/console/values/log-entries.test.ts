// Entries of a log: stack traces stay with their line, JSON opens, nothing in a line is alive.
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../../core/contracts/logs.ts';
import {
  addLines,
  addOlder,
  foldedLines,
  type LogEntry,
  readEntryRow,
} from '../../../../web/console/values/log-entries.ts';
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

describe('older lines', () => {
  test('come before, in the order of their numbers, and what was numbered keeps its number', () => {
    const { entries } = entriesOf([line('three'), line('four')]);
    const all = addOlder(entries, [line('one'), line('two')]);
    expect(all.map(({ id, line: { text } }) => [id, text])).toEqual([
      [-1, 'one'],
      [0, 'two'],
      [1, 'three'],
      [2, 'four'],
    ]);
    expect(addOlder(all, [line('zero')]).map(({ id }) => id)).toEqual([-2, -1, 0, 1, 2]);
  });

  test('a trace that was cut by the page becomes whole', () => {
    const { entries } = entriesOf([line('    at b'), line('next')]);
    const all = addOlder(entries, [line('Error: no'), line('    at a')]);
    expect(all.map(({ line: { text }, rest }) => [text, rest])).toEqual([
      ['Error: no', ['    at a', '    at b']],
      ['next', []],
    ]);
  });

  test('nothing older changes nothing; before nothing they are all there is', () => {
    const { entries } = entriesOf([line('one')]);
    expect([addOlder(entries, []), addOlder([], [line('one')])].map((all) => all.length)).toEqual([1, 1]);
  });
});

describe('what is seen', () => {
  const entry = (text: string, rest: string[] = []): LogEntry => ({ id: 1, line: line(text), rest, until: '' });

  const json = '{"level":"info","status":200,"msg":"hi"}';
  const pretty = ['{', '  "level": "info",', '  "status": 200,', '  "msg": "hi"', '}'];
  test.each([
    { given: 'plain text', of: entry('GET /'), row: { text: 'GET /', fields: '', fold: undefined }, folded: [] },
    {
      given: 'JSON',
      of: entry(json),
      row: { text: 'hi', fields: 'status=200', fold: { mark: '{ }', label: 'The whole JSON' } },
      folded: pretty,
    },
    {
      given: 'JSON with a trace',
      of: entry(json, ['  at x']),
      row: { text: 'hi', fields: 'status=200', fold: { mark: '{ } 1', label: 'The whole JSON and 1 more line' } },
      folded: [...pretty, '  at x'],
    },
    {
      given: 'a trace',
      of: entry('Error', ['  at x', '  at y']),
      row: { text: 'Error', fields: '', fold: { mark: '2', label: '2 more lines' } },
      folded: ['  at x', '  at y'],
    },
    {
      given: 'what only begins like JSON',
      of: entry('{oops'),
      row: { text: '{oops', fields: '', fold: undefined },
      folded: [],
    },
  ])('$given', ({ of, row, folded }) => {
    expect([readEntryRow(of), foldedLines(of)]).toEqual([row, folded]);
  });

  test('JSON of 64 KB is not read for a row, and is read when it is opened', () => {
    const long = entry(JSON.stringify({ msg: 'm', filler: 'x'.repeat(60_000) }));
    const began = performance.now();
    for (let times = 0; times < 1_000; times++) readEntryRow(long);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(readEntryRow(long)).toMatchObject({ fields: '', fold: { label: 'The whole line' } });
    expect(foldedLines(long).slice(0, 2)).toEqual(['{', '  "msg": "m",']);
  });

  test('hostile lines are text, cut to a length, whole when opened', () => {
    expect(readEntryRow(entry('\u001b[31m<b>\u202e')).text).toBe('<b>�');
    const long = entry('x'.repeat(5_000));
    expect(readEntryRow(long).text.length).toBe(2_001);
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
