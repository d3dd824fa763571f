// Values come out whole, however the bytes are cut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonSplitter, type StreamKind } from '../../../web/broker/json-stream.ts';

function split(kind: StreamKind, text: string, cuts: readonly number[] = [], bound = 1_000_000): unknown[] {
  const splitter = new JsonSplitter(kind, bound);
  const bytes = new TextEncoder().encode(text);
  const edges = [0, ...[...cuts].map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  const pieces = edges.slice(1).flatMap((edge, index) => splitter.push(bytes.subarray(edges[index], edge)));
  splitter.end();
  return pieces.map((piece) => JSON.parse(piece));
}

const objects = fc.array(
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })).map((value) => JSON.parse(JSON.stringify(value))),
  { maxLength: 6 },
);
const cuts = fc.array(fc.nat(400), { maxLength: 20 });

describe('any cut gives the same values', () => {
  test('of a list', () => {
    fc.assert(
      fc.property(objects, cuts, (values, at) => {
        expect(split('array', JSON.stringify(values, undefined, 1), at)).toEqual(values);
      }),
    );
  });
  test('of lines', () => {
    fc.assert(
      fc.property(objects, cuts, (values, at) => {
        expect(split('lines', values.map((value) => JSON.stringify(value)).join('\n'), at)).toEqual(values);
      }),
    );
  });
});

test.each<[StreamKind, string]>([
  ['array', '{"a":1}'],
  ['array', '[{"a":1}'],
  ['array', '[{"a":1}]x'],
  ['array', '[{"a":1}][]'],
  ['array', '["text"]'],
  ['array', '[1]'],
  ['array', 'null'],
  ['array', ''],
  ['lines', 'text'],
  ['lines', '{"a":'],
  ['lines', '{"a":"}'],
  ['one', '7'],
])('%s: %s is refused', (kind, text) => expect(() => split(kind, text)).toThrow());

test('a value beyond the bound is refused before it is whole', () => {
  const splitter = new JsonSplitter('lines', 100);
  expect(() => splitter.push(new TextEncoder().encode(`{"a":"${'b'.repeat(200)}`))).toThrow('longer than 100');
});

test('brackets in texts and escaped quotes do not count', () => {
  expect(split('array', '[{"a":"]}\\"[{"},{"b":"\\\\"}]')).toEqual([{ a: ']}"[{' }, { b: '\\' }]);
});

test.each([
  ['backslashes', '\\\\'.repeat(500_000)],
  ['escaped quotes', '\\"'.repeat(500_000)],
  ['plain text', 'a'.repeat(1_000_000)],
])('a megabyte of %s is cut in linear time', (_name, text) => {
  const started = performance.now();
  expect(split('array', `[{"a":"${text}"}]`, [], 2_000_000)).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(3_000);
});
