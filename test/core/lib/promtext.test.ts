// The text exposition: grouped by metric, escaped, cut, and never wrong whatever a label holds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gauge, type Labels, sample } from '../../../core/contracts/sample.ts';
import { escapeLabel, labelLengthMax, renderExposition } from '../../../core/lib/promtext.ts';
import { fuzzRuns } from '../../fuzz.ts';

const a = gauge('a', 'What a is.');
const b = { name: 'b_total', type: 'counter', help: 'Line one\nline two \\' } as const;
const line = (value: number, labels?: Labels) => renderExposition([a], [sample('a', value, labels)]).split('\n')[2];

test('metrics in the order of their list, samples under their own, help escaped', () => {
  const samples = [sample('b_total', 2, { x: '1' }), sample('a', 1), sample('b_total', 3, { x: '2', y: '' })];
  expect(renderExposition([a, b], samples)).toBe(
    '# HELP a What a is.\n# TYPE a gauge\na 1\n' +
      '# HELP b_total Line one\\nline two \\\\\n# TYPE b_total counter\nb_total{x="1"} 2\nb_total{x="2",y=""} 3\n',
  );
});

test('a metric without samples is not mentioned, one listed twice is written once', () => {
  expect(renderExposition([a, b], [])).toBe('');
  expect(renderExposition([a, a], [sample('a', 1)]).match(/TYPE/g)).toHaveLength(1);
});

test('samples of a histogram stand under its one name, as they come', () => {
  const took = { name: 't_seconds', type: 'histogram', help: 'Took.' } as const;
  const samples = [
    sample('t_seconds_bucket', 1, { le: '0.5' }),
    sample('t_seconds_bucket', 2, { le: '+Inf' }),
    sample('t_seconds_sum', 3.5),
    sample('t_seconds_count', 2),
  ];
  expect(renderExposition([took], samples)).toBe(
    '# HELP t_seconds Took.\n# TYPE t_seconds histogram\nt_seconds_bucket{le="0.5"} 1\nt_seconds_bucket{le="+Inf"} 2\nt_seconds_sum 3.5\nt_seconds_count 2\n',
  );
  expect(() => renderExposition([took], [sample('t_seconds', 1)])).toThrow('undeclared metric: t_seconds');
});

test('a sample of a metric that is not listed throws', () => {
  expect(() => renderExposition([a], [sample('b_total', 1)])).toThrow('undeclared metric: b_total');
});

describe('values', () => {
  test.each([
    { value: 0, gives: 'a 0' },
    { value: -1.5, gives: 'a -1.5' },
    { value: 1e21, gives: 'a 1e+21' },
    { value: Number.POSITIVE_INFINITY, gives: 'a +Inf' },
    { value: Number.NEGATIVE_INFINITY, gives: 'a -Inf' },
    { value: Number.NaN, gives: 'a NaN' },
    { value: 9_007_199_254_740_991, gives: 'a 9007199254740991' },
  ])('$value', ({ value, gives }) => {
    expect(line(value)).toBe(gives);
  });
});

describe('label values', () => {
  test.each([
    { text: '', gives: '' },
    { text: '/dev/sda1', gives: '/dev/sda1' },
    { text: 'C:\\x', gives: 'C:\\\\x' },
    { text: 'say "hi"', gives: 'say \\"hi\\"' },
    { text: 'two\nlines', gives: 'two\\nlines' },
    { text: '\\n', gives: '\\\\n' },
    { text: 'Grüße 🙂', gives: 'Grüße 🙂' },
    { text: 'half \ud83d', gives: 'half \ufffd' },
    { text: 'x'.repeat(labelLengthMax), gives: 'x'.repeat(labelLengthMax) },
    { text: 'x'.repeat(1_000_000), gives: `${'x'.repeat(labelLengthMax - 1)}…` },
    { text: `${'x'.repeat(labelLengthMax - 2)}🙂🙂`, gives: `${'x'.repeat(labelLengthMax - 2)}\ufffd…` },
  ])('$text', ({ text, gives }) => {
    expect(escapeLabel(text)).toBe(gives);
  });

  test('any text stays on its line, closed by its own quote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        const [first, ...rest] = line(1, { x: text })!.split('\n');
        expect(rest).toEqual([]);
        expect(first).toMatch(/^a\{x="(?:[^"\\\n]|\\[\\"n])*"\} 1$/);
      }),
      { numRuns: fuzzRuns },
    );
  });
});
