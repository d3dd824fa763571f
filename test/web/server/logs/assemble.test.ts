// Parts of lines become lines again, each task's and stream's apart, and none longer than its bound.
import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../web/server/engine/objects.ts';
import { LineAssembly } from '../../../../web/server/logs/assemble.ts';

const part = (text: string, more: Partial<LogRecord> = {}): LogRecord => ({
  ...{ stream: 'stdout', time: '1', task: 't1', text, ends: true, cut: false },
  ...more,
});

test.each<{ given: string; parts: LogRecord[]; lines: object[] }>([
  {
    given: 'a whole line',
    parts: [part('a')],
    lines: [{ time: '1', task: 't1', stream: 'stdout', text: 'a', cut: false }],
  },
  {
    given: 'three parts: the time of the first',
    parts: [part('a', { ends: false }), part('b', { ends: false, time: '2' }), part('c', { time: '3' })],
    lines: [{ time: '1', text: 'abc', cut: false }],
  },
  {
    given: 'parts of two tasks and two streams in between',
    parts: [part('a', { ends: false }), part('x', { task: 't2' }), part('e', { stream: 'stderr' }), part('b')],
    lines: [
      { text: 'x', task: 't2' },
      { text: 'e', stream: 'stderr' },
      { text: 'ab', task: 't1' },
    ],
  },
  {
    given: 'a part cut on its way',
    parts: [part('a', { ends: false, cut: true }), part('b')],
    lines: [{ text: 'ab', cut: true }],
  },
  { given: 'the engine’s own words', parts: [part('broken', { stream: 'system' })], lines: [] },
  { given: 'a line without its end', parts: [part('a', { ends: false })], lines: [] },
])('$given', ({ parts, lines }) => {
  const assembly = new LineAssembly();
  expect(parts.map((one) => assembly.add(one)).filter((line) => line !== undefined)).toMatchObject(lines);
});

test('more than 64 KB is cut and said to be', () => {
  const assembly = new LineAssembly();
  for (let i = 0; i < 10; i++) assembly.add(part('x'.repeat(16_384), { ends: false }));
  const line = assembly.add(part('end'))!;
  expect([line.text.length, line.cut]).toEqual([65_536, true]);
});

test('a crowd of lines that never end is bounded', () => {
  const assembly = new LineAssembly();
  for (let task = 0; task < 300; task++) assembly.add(part('a', { task: String(task), ends: false }));
  expect(assembly.add(part('b', { task: '0' }))!.text).toBe('b');
  expect(assembly.add(part('b', { task: '299' }))!.text).toBe('ab');
});
