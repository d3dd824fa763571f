// Control group and network files full of nonsense: each parser answers with finite numbers or refuses, and quickly.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProcessCgroup } from '../../../../collector/sources/containers/cgroup-path.ts';
import {
  parseBlkio,
  parseIoStat,
  parseKeyed,
  parseLimit,
  parsePressure,
} from '../../../../collector/sources/containers/cgroup-text.ts';
import { readLimitsV1, readUsageV1 } from '../../../../collector/sources/containers/cgroup-v1.ts';
import { readLimitsV2, readUsageV2 } from '../../../../collector/sources/containers/cgroup-v2.ts';
import { parseNetDev } from '../../../../collector/sources/containers/network.ts';
import { fuzzRuns } from '../../../fuzz.ts';
import { fastestMs, fixture, fixtureTree } from '../../fixtures.ts';

const samples = {
  ...fixtureTree('cgroup/v2', ''),
  ...fixtureTree('cgroup/v1', ''),
};

/** Real files with pieces torn out, doubled and replaced, and plain noise. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .tuple(fc.constantFrom(...Object.values(samples)), fc.nat(400), fc.nat(400), fc.string({ maxLength: 8 }))
    .map(([text, from, length, put]) => text.slice(0, from) + put + text.slice(from + (length % 40))),
);

function finite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value instanceof Map) return [...value.values()].every(finite);
  if (Array.isArray(value)) return value.every(finite);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(finite);
  return true;
}

const parsers: Record<string, (text: string) => unknown> = {
  parseKeyed,
  parseIoStat,
  parseBlkio,
  parsePressure,
  parseLimit,
  parseNetDev,
  parseProcessCgroup,
  readUsageV1: (text) => readUsageV1(() => text, 100),
  readUsageV2: (text) => readUsageV2(() => text),
  readLimitsV1: (text) => readLimitsV1(() => text),
  readLimitsV2: (text) => readLimitsV2(() => text),
};

describe.each(Object.entries(parsers))('%s', (_, parse) => {
  test('finite or refused', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const check = () => {
          try {
            expect(finite(parse(text))).toBe(true);
          } catch (error) {
            expect((error as Error).name, (error as Error).stack).toBe('Error');
          }
        };
        expect(fastestMs(check, 50)).toBeLessThan(50);
      }),
      { numRuns: fuzzRuns },
    );
  }, 600_000);

  test.each([
    ['noise', 'x: 1 2\n'],
    ['numbers', 'a 1\n'],
    ['devices', '8:0 rbytes=1\n'],
    ['one line', 'some avg10=0 '],
  ])('2 MB of %s in linear time', (_, line) => {
    const attempt = () => {
      try {
        parse(line.repeat(2_000_000 / line.length));
      } catch {
        // refused is as good
      }
    };
    expect(fastestMs(attempt, 2_000)).toBeLessThan(2_000);
  });
});

test('a limit that says max is none', () => {
  expect(parseLimit('max\n')).toBe(0);
  expect(parseLimit('4096\n')).toBe(4096);
  expect(() => parseLimit('')).toThrow();
});

test('pressure without a full line', () => {
  expect(parsePressure('some avg10=0.00 total=5\n')).toEqual({ waitingSeconds: 5e-6, stalledSeconds: undefined });
  expect(parsePressure(fixture('cgroup/v2/io.pressure'))).toEqual({ waitingSeconds: 2.5, stalledSeconds: 1.5 });
});
