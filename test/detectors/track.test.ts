// One entity between ticks: which mode its series are in, when rows close, and that nothing unknown is ever a number.
import { describe, expect, test } from 'vitest';
import { encodeModel } from '../../detectors/models/codec.ts';
import { fitEntity, openEntity } from '../../detectors/models/entity-model.ts';
import { fitSeries, openSeries } from '../../detectors/models/series-model.ts';
import { type EntityTrack, loseAll, observeTick, openSeriesTrack, openTrack, rowStart } from '../../detectors/track.ts';
import { noise } from '../fakes/detector.ts';

const row = 60;
const start = 1_800_000_000;
const ordinary = (time: number) => 100 + 10 * noise(3, time);
const unknown = Number.NaN;

function fresh(): EntityTrack {
  const track = openTrack({ key: 'a', labels: {}, modelKey: 'a' }, 2, start);
  track.series = ['load', 'depth'].map(openSeriesTrack);
  return track;
}

/** Ticks of 15 s with both metrics, `count` of them, from just after `from`. */
function tick(track: EntityTrack, from: number, count: number, value = ordinary): number {
  for (let index = 1; index <= count; index++) {
    const time = from + index * 15;
    observeTick(track, time, row, Float64Array.of(value(time), value(time + 7)));
  }
  return from + count * 15;
}

function learned(): EntityTrack {
  const track = fresh();
  const rows = 2_000;
  const history = (shift: number) =>
    Float64Array.from({ length: rows }, (_, index) => ordinary(start - (rows - index) * row + shift));
  const times = { startSeconds: start - rows * row, stepSeconds: row };
  const options = { seed: 1, trainedAtSeconds: start };
  track.series.forEach((series, index) => {
    const values = history(index * 7);
    const model = fitSeries({ ...times, values }, { ...options, features: [series!.metric] })!;
    series!.learnt = { model, state: openSeries(model, { ...times, values }) };
  });
  const channels = [history(0), history(7)];
  const model = fitEntity({ ...times, channels }, { ...options, features: ['load', 'depth'] })!;
  track.allLearnt = { model, state: openEntity(model, { ...times, channels }) };
  return track;
}

test.each([
  { time: 60, start: 0 },
  { time: 61, start: 60 },
  { time: 119, start: 60 },
  { time: 120, start: 60 },
])('the row of an evaluation at $time starts at $start', ({ time, start }) => {
  expect(rowStart(time, 60)).toBe(start);
});

describe('mode', () => {
  test.each([
    { given: '19 samples', samples: 19, mode: 'unknown' },
    { given: '21 samples', samples: 21, mode: 'statistical' },
  ])('$given without a model → $mode', ({ samples, mode }) => {
    const track = fresh();
    tick(track, start, samples);
    expect(track.series.map((series) => series!.mode)).toEqual([mode, mode]);
    expect(track.all.mode).toBe(mode);
    expect(Number.isFinite(track.all.score.score)).toBe(mode !== 'unknown');
  });

  test('with a model it is unknown before 20 samples and model afterwards', () => {
    const track = learned();
    const then = tick(track, start, 19);
    expect(track.series[0]!.mode).toBe('unknown');
    tick(track, then, 2);
    expect([track.series[0]!.mode, track.series[1]!.mode, track.all.mode]).toEqual(['model', 'model', 'model']);
  });

  test('a value that is missing makes its series unknown, not the other', () => {
    const track = learned();
    const then = tick(track, start, 24);
    const evaluated = track.series[0]!.lastEvaluationSeconds;
    observeTick(track, then + 15, row, Float64Array.of(unknown, ordinary(then)));
    expect(track.series.map((series) => series!.mode)).toEqual(['unknown', 'model']);
    expect(track.series[0]!.score.score).toBeNaN();
    expect(track.series[0]!.lastEvaluationSeconds).toBe(evaluated);
  });

  test('Prometheus silent: all unknown at once, and back at the first sample', () => {
    const track = learned();
    const then = tick(track, start, 24);
    loseAll(track, 'silence');
    expect([...track.series, track.all].map((series) => series!.mode)).toEqual(['unknown', 'unknown', 'unknown']);
    expect([...track.series, track.all].map((series) => series!.score.score)).toEqual([unknown, unknown, unknown]);
    tick(track, then + 30, 1);
    expect(track.series[0]!.mode).toBe('model');
  });
});

describe('rows', () => {
  test('a tick in the row changes no model, the tick that ends it does', () => {
    const track = learned();
    const state = track.series[0]!.learnt!.state;
    const last = state.lastSeconds;
    tick(track, start, 3);
    expect(state.lastSeconds).toBe(last);
    tick(track, start + 45, 1);
    expect(state.lastSeconds).toBe(start);
    expect(track.recent.map(({ startSeconds }) => startSeconds)).toEqual([start]);
  });

  test('a row whose end no tick met closes with its last values', () => {
    const track = learned();
    tick(track, start, 3);
    observeTick(track, start + 75, row, Float64Array.of(1, 2));
    expect(track.recent.map(({ startSeconds, values }) => [startSeconds, values[0]])).toEqual([
      [start, ordinary(start + 45)],
    ]);
    expect(track.series[0]!.learnt!.state.lastSeconds).toBe(start);
  });

  test('ticks that are older are dropped and counted, and nothing is said', () => {
    const track = learned();
    const then = tick(track, start, 24);
    for (const back of [15, 3600]) observeTick(track, then - back, row, Float64Array.of(1e9, 1e9));
    expect([track.droppedTicks, track.series[0]!.mode, track.series[0]!.latch.raisedAtSeconds]).toEqual([
      2,
      'unknown',
      undefined,
    ]);
  });

  test('the same tick once more changes nothing, and no clock is said to have gone back', () => {
    const [track, once] = [learned(), learned()];
    const then = tick(track, start, 24);
    tick(once, start, 24);
    observeTick(track, track.lastTickSeconds, row, Float64Array.of(1e9, 1e9));
    expect(then).toBeGreaterThan(start);
    expect(track.droppedTicks).toBe(0);
    expect(track.series[0]!.mode).toBe('model');
    expect(track.series[0]!.score.score).toBe(once.series[0]!.score.score);
    expect(track.open).toEqual(once.open);
  });

  test('few rows are remembered', () => {
    const track = fresh();
    tick(track, start, 4 * 200);
    expect(track.recent.length).toBe(64);
  });
});

test('a fault reads high within two minutes and raises one alert; ordinary rows read low in the middle', () => {
  const track = learned();
  let then = tick(track, start, 40);
  expect(track.series[0]!.score.score).toBeLessThan(99.9);
  expect(track.series[0]!.latch.raisedAtSeconds).toBeUndefined();
  then = tick(track, then, 8, (time) => ordinary(time) + 500);
  expect(track.series[0]!.score.score).toBeGreaterThan(99.9);
  expect(track.all.score.score).toBeGreaterThan(99.9);
  expect(track.series[0]!.latch.raisedAtSeconds).toBeDefined();
});

describe('a process group that does mostly nothing, without a model', () => {
  /** Of two series: the first has worked a little now and then in longer histories, the second never. */
  const raisedBy = (ticks: number, firstWork: number) => {
    const track = fresh();
    const zeros = (time: number) => (time % 1_200 === 0 ? 0.01 : 0);
    const then = tick(track, start, ticks, ticks > 240 ? zeros : () => 0);
    tick(track, then, 1, () => firstWork);
    return track.series.map((series) => series!.latch.raisedAtSeconds !== undefined);
  };

  test.each([
    { given: 'ten minutes', ticks: 40, worked: false },
    { given: 'just under an hour', ticks: 239, worked: false },
    { given: 'two hours', ticks: 480, worked: true },
  ])('after $given much work raises an alert where little was before: $worked; after zeros alone never', (each) => {
    expect(raisedBy(each.ticks, 3)).toEqual([each.worked, false]);
  });

  test('an hour is time that was seen, not time that has passed', () => {
    const track = fresh();
    tick(track, start, 40, () => 0);
    tick(track, start + 6 * 3600, 40, () => 0);
    tick(track, start + 7 * 3600, 1, () => 3);
    expect(track.series[0]!.latch.raisedAtSeconds).toBeUndefined();
  });
});

test('looking does not change what the model will say', () => {
  const [seldom, often] = [learned(), learned()];
  for (const time of [start + 60, start + 120]) observeTick(seldom, time, row, Float64Array.of(104, 97));
  for (let time = start + 15; time <= start + 120; time += 15) observeTick(often, time, row, Float64Array.of(104, 97));
  expect(often.series[0]!.learnt!.state).toEqual(seldom.series[0]!.learnt!.state);
  expect(encodeModel(often.series[0]!.learnt!.model)).toEqual(encodeModel(seldom.series[0]!.learnt!.model));
});
