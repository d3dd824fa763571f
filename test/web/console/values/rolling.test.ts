// A column that moves on: always the newest values, and what was handed out stays as it was.
import { expect, test } from 'vitest';
import { Rolling } from '../../../../web/console/values/rolling.ts';

test('always as many as at first, the newest last, however many are pushed', () => {
  const column = new Rolling([1, 2, 3]);
  for (let next = 4; next <= 20; next++) {
    column.push(next);
    expect([...column.values]).toEqual([next - 2, next - 1, next]);
  }
});

test('a window that was handed out never changes', () => {
  const column = new Rolling([1, 2, 3]);
  const windows = Array.from({ length: 10 }, (_, index) => {
    column.push(index + 4);
    return column.values;
  });
  expect(windows.map((window) => window.at(-1))).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(new Set(windows).size).toBe(10);
});

test('memory is taken once in as many values as there are', () => {
  const column = new Rolling(new Float64Array(600));
  const memories = new Set<unknown>();
  for (let next = 0; next < 6_000; next++) {
    column.push(next);
    memories.add(column.values.buffer);
  }
  expect(memories.size).toBe(10);
});
