// Selectors: whatever a label's value holds stays inside its quotes.
import { expect, test } from 'vitest';
import { selector } from '../../../../web/server/watch/promql.ts';

test.each([
  { labels: {}, text: 'm{}' },
  { labels: { a: 'b', c: 'd' }, text: 'm{a="b",c="d"}' },
  { labels: { a: '"} or up{b="' }, text: 'm{a="\\"} or up{b=\\""}' },
  { labels: { a: '\\' }, text: 'm{a="\\\\"}' },
  { labels: { a: 'x\ny' }, text: 'm{a="x\\ny"}' },
])('$text', ({ labels, text }) => {
  expect(selector('m', labels)).toBe(text);
});

test.each([
  { metric: 'm{', labels: {} },
  { metric: '', labels: {} },
  { metric: 'm', labels: { 'a-b': '' } },
  { metric: 'm', labels: { 'a="x"': '' } },
])('$metric with $labels is refused', ({ metric, labels }) => {
  expect(() => selector(metric, labels as Record<string, string>)).toThrow();
});
