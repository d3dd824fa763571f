// Models in use: loaded once, refusals told, kept as long as an entity uses them.
import { expect, test } from 'vitest';
import { forgetUnused, type Library, loadKey, place } from '../../detectors/library.ts';
import { encodeModel } from '../../detectors/models/codec.ts';
import { fitEntity } from '../../detectors/models/entity-model.ts';
import { fitSeries } from '../../detectors/models/series-model.ts';
import { fakePorts, noise, twoMetrics } from '../fakes/detector.ts';

const values = Float64Array.from({ length: 1_000 }, (_, index) => noise(1, index));
const grid = { startSeconds: 0, stepSeconds: 60 };
const options = { seed: 1, trainedAtSeconds: 0 };
const series = fitSeries({ ...grid, values }, { ...options, features: ['load'] })!;
const entity = (features: string[]) =>
  fitEntity({ ...grid, channels: features.map(() => values) }, { ...options, features })!;

test('the store is asked once for a key', async () => {
  const { store } = fakePorts();
  await store.save({ detector: 'container', modelKey: 'k', metric: 'load' }, encodeModel(series));
  await store.save({ detector: 'container', modelKey: 'k', metric: '_all' }, encodeModel(entity(['depth', 'load'])));
  const library: Library = new Map();
  const models = await loadKey(library, twoMetrics, 'k', store, () => undefined);
  expect([[...models.series.keys()], models.entity?.features]).toEqual([['load'], ['depth', 'load']]);
  store.saved.clear();
  expect(await loadKey(library, twoMetrics, 'k', store, () => undefined)).toBe(models);
});

test.each([
  { given: 'a model of another metric', metric: 'depth', bytes: encodeModel(series) },
  { given: 'a series model in the place of the whole', metric: '_all', bytes: encodeModel(series) },
  { given: 'channels that the detector does not have', metric: '_all', bytes: encodeModel(entity(['load', 'x'])) },
])('$given is refused', async ({ metric, bytes }) => {
  const { store } = fakePorts();
  await store.save({ detector: 'container', modelKey: 'k', metric }, bytes);
  await expect(loadKey(new Map(), twoMetrics, 'k', store, () => undefined)).rejects.toThrow();
});

test('keys that nobody uses are forgotten', () => {
  const library: Library = new Map(['a', 'b'].map((key) => [key, { series: new Map(), entity: undefined }]));
  place(library.get('a')!, 'load', series);
  forgetUnused(library, new Set(['a']));
  expect([...library.keys()]).toEqual(['a']);
  expect(library.get('a')!.series.get('load')).toBe(series);
});
