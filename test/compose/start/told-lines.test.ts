// Lines for the person: whole however they arrive, and not in the log as well.
import { expect, test } from 'vitest';
import { createToldLines } from '../../../compose/start/told-lines.ts';

const text = 'first\nToken: é1\n\nlast\nunfinished';

test.each([1, 2, 3, 7, 1_000])('in chunks of %i bytes the same lines are told and the rest is the rest', (size) => {
  const lines = createToldLines(/^Token/);
  const bytes = new TextEncoder().encode(text);
  const told: string[] = [];
  let rest = '';
  for (let at = 0; at < bytes.length; at += size) {
    const taken = lines.take(bytes.subarray(at, at + size));
    told.push(...taken.told);
    rest += taken.rest;
  }
  expect(told).toEqual(['Token: é1']);
  expect(rest + lines.end()).toBe('first\n\nlast\nunfinished');
  expect(lines.end()).toBe('');
});

test('a line without an end is not held for ever', () => {
  const lines = createToldLines(/^Token/);
  const { rest } = lines.take(new TextEncoder().encode('x'.repeat(10_000)));
  expect(rest).toHaveLength(10_000);
});
