// Pieces of PromQL: names from outside can neither leave their quotes nor match anything else.
import { expect, test } from 'vitest';
import { aggregate, anyOf, literal, meanOf, quote, rateOf, riseOf, selector } from '../../detectors/promql.ts';

const windows = { row: '60000ms', rate: '75000ms' };

test.each([
  { given: 'a plain name', value: 'redis', text: 'name=~"redis"' },
  { given: 'a dot', value: 'a.1', text: 'name=~"a\\\\.1"' },
  { given: 'a quote', value: 'a"} or up{x="', text: 'name=~"a\\"\\\\} or up\\\\{x=\\""' },
  { given: 'a backslash', value: 'a\\', text: 'name=~"a\\\\\\\\"' },
  { given: 'a line break', value: 'a\nb', text: 'name=~"a\\nb"' },
])('$given', ({ value, text }) => {
  expect(anyOf('name', [value])).toBe(text);
});

test('several values, each once, in order; none is no matcher', () => {
  expect(anyOf('name', ['b', 'a', 'b'])).toBe('name=~"a|b"');
  expect(anyOf('name', [])).toBe('');
});

test('expressions', () => {
  expect(selector('up')).toBe('up');
  expect(selector('up', '', 'a="b"')).toBe('up{a="b"}');
  expect(meanOf('up', windows)).toBe('(avg_over_time(up[60000ms]) and up)');
  expect(rateOf('x_total', windows)).toBe('(rate(x_total[75000ms]) and x_total)');
  expect(riseOf('x', windows)).toContain('clamp_min(');
  expect(aggregate('sum', ['a', 'b'], 'up')).toBe('sum by (a, b) (up)');
  expect(new RegExp(`^${literal('a+b(c)|d')}$`).test('a+b(c)|d')).toBe(true);
  expect(quote('"')).toBe('\\"');
});
