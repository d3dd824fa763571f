// Models as files: they come back as they were, and every kind of damage is refused with its reason.
import { describe, expect, test } from 'vitest';
import {
  decodeModel,
  encodeModel,
  MODEL_BYTES_MAX,
  type ModelDamage,
  ModelDamageError,
} from '../../../detectors/models/codec.ts';
import { fitEntity } from '../../../detectors/models/entity-model.ts';
import { fitSeries } from '../../../detectors/models/series-model.ts';
import { busyHost, dailyWave, entityHistoryOf, historyOf, options } from './made-series.ts';

const series = fitSeries(historyOf(dailyWave(3)), { ...options, features: ['node_load1'] })!;
const entity = fitEntity(entityHistoryOf(busyHost(600)), { ...options, features: ['a', 'b', 'c', 'd'] })!;
const still = fitSeries(historyOf(new Float64Array(600).fill(3)), options)!;
const bytes = encodeModel(series);

function damageOf(file: Uint8Array, expected?: Parameters<typeof decodeModel>[1]): ModelDamage | undefined {
  try {
    decodeModel(file, expected);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ModelDamageError);
    return (error as ModelDamageError).reason;
  }
}

const changed = (change: (copy: Uint8Array) => void) => {
  const copy = bytes.slice();
  change(copy);
  return copy;
};

test.each([
  { name: 'a series', model: series },
  { name: 'an entity', model: entity },
  { name: 'a constant series, infinities and all', model: still },
])('$name comes back as it was', ({ model }) => {
  expect(decodeModel(encodeModel(model))).toEqual(model);
  expect(encodeModel(model)).toEqual(encodeModel(model));
});

describe('refused', () => {
  test.each<{ given: string; file: Uint8Array; reason: ModelDamage }>([
    { given: 'an empty file', file: new Uint8Array(0), reason: 'truncated' },
    { given: 'a few bytes', file: bytes.slice(0, 10), reason: 'truncated' },
    { given: 'half a file', file: bytes.slice(0, bytes.length / 2), reason: 'truncated' },
    { given: 'all but the last byte', file: bytes.slice(0, -1), reason: 'truncated' },
    { given: 'a byte too many', file: concat(bytes, 1), reason: 'changed' },
    { given: 'zeros', file: new Uint8Array(5000), reason: 'not-a-model' },
    {
      given: 'something else',
      file: new TextEncoder().encode('{"version":1} and so on and on'),
      reason: 'not-a-model',
    },
    { given: 'another version', file: changed((copy) => copy.fill(9, 4, 5)), reason: 'version' },
    {
      given: 'a changed checksum',
      file: changed((copy) => {
        copy[16]! ^= 1;
      }),
      reason: 'changed',
    },
    { given: 'a huge file', file: new Uint8Array(MODEL_BYTES_MAX + 1), reason: 'too-large' },
  ])('$given: $reason', ({ file, reason }) => {
    expect(damageOf(file)).toBe(reason);
  });

  test('any flipped bit, wherever it is', () => {
    for (let at = 0; at < bytes.length; at += 997) {
      for (const bit of [1, 128])
        expect(
          damageOf(
            changed((copy) => {
              copy[at]! ^= bit;
            }),
          ),
          `byte ${at}`,
        ).toBeDefined();
    }
  });

  test.each<{ given: string; expected: Parameters<typeof decodeModel>[1]; reason: ModelDamage | undefined }>([
    { given: 'the right one', expected: { kind: 'series', features: ['node_load1'] }, reason: undefined },
    { given: 'another metric', expected: { kind: 'series', features: ['node_load5'] }, reason: 'features' },
    { given: 'more metrics', expected: { kind: 'series', features: ['node_load1', 'b'] }, reason: 'features' },
    { given: 'another kind', expected: { kind: 'entity', features: ['node_load1'] }, reason: 'kind' },
  ])('$given', ({ expected, reason }) => {
    expect(damageOf(bytes, expected)).toBe(reason);
  });

  test('a wrong number of features, though the checksum is right', () => {
    expect(damageOf(encodeModel({ ...series, features: ['a', 'b'] }))).toBe('features');
    expect(damageOf(encodeModel({ ...entity, features: ['a'] }))).toBe('features');
    expect(damageOf(encodeModel({ ...series, features: [] }))).toBe('features');
  });
});

function concat(file: Uint8Array, more: number): Uint8Array {
  const longer = new Uint8Array(file.length + more);
  longer.set(file);
  return longer;
}
