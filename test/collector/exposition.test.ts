// The text format as other programs write it; what is none of it is refused with its line.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExposition } from '../../collector/exposition.ts';
import { renderExposition } from '../../core/lib/promtext.ts';
import { fuzzRuns } from '../fuzz.ts';

const lines = (text: string) => parseExposition(text).samples.map(({ name, labels, value }) => [name, labels, value]);

describe('samples', () => {
  test.each([
    { text: 'a 1', gives: [['a', {}, 1]] },
    { text: 'a{} 1\n', gives: [['a', {}, 1]] },
    { text: 'a {x="1",} 2', gives: [['a', { x: '1' }, 2]] },
    { text: 'a{x="1", y="2"}3', gives: [['a', { x: '1', y: '2' }, 3]] },
    { text: 'a{x="}\\"\\\\\\n,"} 1.5e3', gives: [['a', { x: '}"\\\n,' }, 1500]] },
    { text: '\ta:b 1 1700000000000', gives: [['a:b', {}, 1]] },
    {
      text: 'a +Inf\nb -Inf\nc Inf',
      gives: [
        ['a', {}, Infinity],
        ['b', {}, -Infinity],
        ['c', {}, Infinity],
      ],
    },
    { text: '# a comment\n\n#comment\na 0', gives: [['a', {}, 0]] },
  ])('$text', ({ text, gives }) => {
    expect(lines(text)).toEqual(gives);
  });
});

test('types and helps belong to their metric; the parts of a histogram are untyped', () => {
  const text = '# HELP a What a is.\n# TYPE a counter\na 1\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_sum 3\nb 1\n';
  expect(parseExposition(text).metrics).toEqual([
    { name: 'a', type: 'counter', help: 'What a is.' },
    { name: 'h_bucket', type: 'untyped', help: 'h_bucket' },
    { name: 'h_sum', type: 'untyped', help: 'h_sum' },
    { name: 'b', type: 'untyped', help: 'b' },
  ]);
});

describe('refused, with the line', () => {
  test.each([
    'a',
    '1a 1',
    'a{x=1} 1',
    'a{x="1} 1',
    'a{x="1"',
    'a{x="1"y="2"} 1',
    'a one',
    'a 1 soon',
    'a 1 2 3',
    '{} 1',
  ])('%j', (line) => {
    expect(() => parseExposition(`ok 1\n${line}\n`)).toThrow(/line 2 /);
  });
});

test('what is written is read back', () => {
  const labels = fc.dictionary(
    fc.stringMatching(/^[a-zA-Z_]\w{0,10}$/),
    fc.string({ unit: 'binary', maxLength: 100 }),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ labels, value: fc.double({ noNaN: true }).map((value) => value + 0) }), { maxLength: 20 }),
      (rows) => {
        const samples = rows.map((row) => ({ name: 'a', ...row }));
        const text = renderExposition([{ name: 'a', type: 'gauge', help: 'A.' }], samples);
        expect(lines(text)).toEqual(samples.map(({ labels: given, value }) => ['a', given, value]));
      },
    ),
    { numRuns: Math.min(fuzzRuns, 10_000) },
  );
});

test('anything either reads or throws', () => {
  const piece = fc.constantFrom(
    'a',
    '{',
    '}',
    '"',
    '\\',
    ',',
    '=',
    ' ',
    '\n',
    '#',
    '1',
    'TYPE',
    'counter',
    '\u{1F600}',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        for (const { value } of parseExposition(pieces.join('')).samples) expect(typeof value).toBe('number');
      } catch (error) {
        expect((error as Error).message).toMatch(/^line \d+ /);
      }
    }),
    { numRuns: fuzzRuns },
  );
});

test.each([
  { given: 'one long label', text: `a{x="${'\\\\'.repeat(1_000_000)}"} 1` },
  { given: 'a label that never ends', text: `a{x="${'y'.repeat(2_000_000)}` },
  { given: 'braces', text: `a{${'}'.repeat(2_000_000)} b c d` },
  { given: 'blanks', text: `a${' '.repeat(2_000_000)}x y z` },
  { given: 'many samples', text: 'a{x="1"} 1\n'.repeat(180_000) },
])('2 MB of $given end soon', ({ text }) => {
  const started = performance.now();
  try {
    parseExposition(text);
  } catch {
    // refused is fine; slow is not
  }
  expect(performance.now() - started).toBeLessThan(2000);
});
