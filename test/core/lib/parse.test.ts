// Numbers are read whole or not at all.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInteger, parseNumber } from '../../../core/lib/parse.ts';
import { fuzzRuns } from '../../fuzz.ts';

describe('numbers', () => {
  test.each([
    ['0', 0],
    [' 1.5\n', 1.5],
    ['-2', -2],
    ['1e3', 1000],
    ['18446744073709551615', 18_446_744_073_709_552_000],
  ])('%j is %d', (text, gives) => {
    expect(parseNumber(text)).toBe(gives);
  });

  test.each([undefined, '', ' \n', 'x', '1 2', '1,5', '12kB', 'NaN', 'Infinity', '-Inf', '1e999', '--1'])(
    '%j throws',
    (text) => {
      expect(() => parseNumber(text)).toThrow('not a number');
    },
  );
});

describe('whole numbers', () => {
  test.each([
    ['7', 7],
    ['-7\n', -7],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('%j is %d', (text, gives) => {
    expect(parseInteger(text)).toBe(gives);
  });

  test.each(['1.5', '9007199254740993', '1e300'])('%j throws', (text) => {
    expect(() => parseInteger(text)).toThrow('not a whole number');
  });
});

test('the reason holds no more than a line of the text', () => {
  expect(() => parseNumber('x'.repeat(100_000))).toThrow(/^.{1,120}$/);
});

test('whatever the text, the outcome is finite or an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      let value = 0;
      try {
        value = parseNumber(text);
      } catch {
        return;
      }
      expect(Number.isFinite(value)).toBe(true);
    }),
    { numRuns: fuzzRuns },
  );
});
