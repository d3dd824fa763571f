// The table of entities: bounded, with counters for what had no room, and nobody stays who has gone.
import { beforeEach, describe, expect, test } from 'vitest';
import { type DetectorState, openState } from '../../detectors/state.ts';
import { admit, countSeries, expire, seriesTrack } from '../../detectors/table.ts';
import { twoMetrics } from '../fakes/detector.ts';

let state: DetectorState;
beforeEach(() => {
  state = openState(twoMetrics);
});
const caps = { entitiesMax: 3, seriesMax: 100 };
const seen = (...names: string[]) => names.map((name, weight) => ({ entity: twoMetrics.identify({ name })!, weight }));
const names = () => [...state.tracks.keys()].sort();

describe('admission', () => {
  test('who is new comes in, who is known is only noted', () => {
    expect(admit(state, seen('a', 'b'), caps, 100).map(({ entity }) => entity.key)).toEqual(['b', 'a']);
    expect(admit(state, seen('a', 'b'), caps, 115)).toEqual([]);
    expect(state.tracks.get('a')!.seenAtSeconds).toBe(115);
  });

  test('beyond the cap the busiest come in, the rest is counted', () => {
    admit(state, seen('a', 'b', 'c', 'd', 'e'), caps, 100);
    expect([names(), state.overflowEntities, state.overflowEntitiesTotal]).toEqual([['c', 'd', 'e'], 2, 2]);
    admit(state, seen('a', 'b', 'c', 'd', 'e'), caps, 115);
    expect([state.overflowEntities, state.overflowEntitiesTotal]).toEqual([2, 4]);
  });

  test('who is in stays in, however busy a newcomer is', () => {
    admit(state, seen('a', 'b', 'c'), caps, 100);
    admit(state, [...seen('a', 'b', 'c'), { entity: twoMetrics.identify({ name: 'z' })!, weight: 1e9 }], caps, 115);
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  test('the series have a cap of their own', () => {
    admit(state, seen('a', 'b'), { entitiesMax: 3, seriesMax: 4 }, 100);
    const [a, b] = ['a', 'b'].map((name) => state.tracks.get(name)!);
    const made = [a!, b!].flatMap((track) => [0, 1].map((index) => seriesTrack(state, track, index, 4)));
    expect(made.map((series) => series?.metric)).toEqual(['load', 'depth', undefined, undefined]);
    expect([countSeries(state), state.overflowSeries, state.overflowSeriesTotal]).toEqual([4, 2, 2]);
  });

  test('a clock that fell back an hour starts an entity anew', () => {
    admit(state, seen('a'), caps, 10_000);
    state.tracks.get('a')!.lastTickSeconds = 10_000;
    expect(admit(state, seen('a'), caps, 6_400)).toHaveLength(1);
  });
});

test.each([
  { given: 'seen a moment ago', after: 15, gone: [] },
  { given: 'not seen for 4 minutes', after: 240, gone: ['a'] },
])('$given', ({ after, gone }) => {
  admit(state, seen('a'), caps, 100);
  state.tracks.get('a')!.droppedTicks = 3;
  expect(expire(state, 100 + after).map(({ entity }) => entity.key)).toEqual(gone);
  expect(state.droppedTicksGone).toBe(gone.length * 3);
});
