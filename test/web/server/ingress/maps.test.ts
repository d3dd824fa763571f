// Maps: their files, what HAProxy shows of them, and the commands between, in an order in which no request misses.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changesOf,
  type MapTexts,
  mapsOf,
  parseMap,
  parseShownMap,
  pointingOf,
  pointingsOf,
  renderMap,
  sameMaps,
} from '../../../../web/server/ingress/maps.ts';
import { fuzzRuns } from '../../../fuzz.ts';
import { routeOf } from './rig.ts';

const route = routeOf({ taskPort: 1 });
const canary = (share: number, revision = 'r2') => mapsOf([{ ...route, canary: { revision, share } }]);
const at = (map: string) => `map /etc/haproxy/${map}.map`;

test('a file reads back, sorted, without lines that are none of ours', () => {
  const map = new Map([
    ['b.test', 'shop'],
    ['a.test', 'blog'],
  ]);
  expect(renderMap(map)).toBe('a.test blog\nb.test shop\n');
  expect(parseMap(`${renderMap(map)}# no\nA b\nonly\n`)).toEqual(map);
});

test('what HAProxy shows is read, or known not to be a map', () => {
  expect(parseShownMap('0x7f1ae08299a0 shop 1000\n0x1 blog 5\n\n')).toEqual(
    new Map([
      ['shop', '1000'],
      ['blog', '5'],
    ]),
  );
  expect(parseShownMap('\n')).toEqual(new Map());
  expect(parseShownMap('Unknown map identifier. Please use #<id> or <file>.\n')).toBeUndefined();
});

test.each([
  { given: 'nothing new', from: canary(5), to: canary(5), says: [] },
  {
    given: 'a canary begins: first it is named, then it gets its share',
    from: mapsOf([route]),
    to: canary(500),
    says: [`add ${at('canary')} shop r2`, `add ${at('weights')} shop 500`],
  },
  {
    given: 'a canary ends: first its share, then its name',
    from: canary(500),
    to: mapsOf([route]),
    says: [`del ${at('weights')} shop`, `del ${at('canary')} shop`],
  },
  {
    given: 'a promotion: first stable, then the canary goes',
    from: canary(500),
    to: mapsOf([{ ...route, stable: 'r2' }]),
    says: [`del ${at('weights')} shop`, `set ${at('stable')} shop r2`, `del ${at('canary')} shop`],
  },
  {
    given: 'a deployment comes: its host last',
    from: mapsOf([]),
    to: mapsOf([route]),
    says: [`add ${at('stable')} shop r1`, `add ${at('hosts')} shop.test shop`],
  },
  {
    given: 'a deployment goes: its host first',
    from: mapsOf([route]),
    to: mapsOf([]),
    says: [`del ${at('hosts')} shop.test`, `del ${at('stable')} shop`],
  },
])('$given', ({ from, to, says }) => {
  expect(changesOf(from, to)).toEqual(says);
});

test('any maps become any others', () => {
  const map = fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '20', '3'))
    .map((one) => new Map(Object.entries(one)));
  const maps = fc.record({ hosts: map, stable: map, canary: map, weights: map });
  fc.assert(
    fc.property(maps, maps, (from, to) => {
      const now = structuredClone(from) as Record<string, Map<string, string>>;
      for (const command of changesOf(from, to)) {
        const [verb, , path, key, value] = command.split(' ') as [string, string, string, string, string];
        const one = now[/(\w+)\.map$/.exec(path)![1]!]!;
        expect(one.has(key)).toBe(verb !== 'add');
        if (verb === 'del') one.delete(key);
        else one.set(key, value);
      }
      expect(sameMaps(now as unknown as MapTexts, to)).toBe(true);
    }),
    { numRuns: fuzzRuns },
  );
});

test('where a deployment points', () => {
  expect(pointingOf(canary(7), 'shop')).toEqual({ deployment: 'shop', stable: 'r1', canary: 'r2', share: 7 });
  expect(pointingsOf(mapsOf([{ ...route, stable: undefined }]))).toEqual([
    { deployment: 'shop', stable: undefined, canary: undefined, share: 0 },
  ]);
});
