// What the models cost: CPU a point, CPU a tick for 50, 500 and 5,000 series, memory a series, and fitting.
import { createRandom, randomNormal } from '../../core/lib/random.ts';
import { median } from '../../core/lib/stats.ts';
import { encodeModel } from '../../detectors/models/codec.ts';
import { advanceEntity, fitEntity, openEntity } from '../../detectors/models/entity-model.ts';
import {
  advanceSeries,
  fitSeries,
  openSeries,
  type SeriesModel,
  type SeriesState,
  scoreSeries,
} from '../../detectors/models/series-model.ts';
import { barred, type Figure, told } from '../prove/figure.ts';

type Progress = (line: string) => void;

const stepSeconds = 60;
const rows = 10_080;
const options = { seed: 1, trainedAtSeconds: rows * stepSeconds };
const ticks = 9;
/** As many models as fill the caches as production does; 5,000 series share them, each with a state of its own. */
const distinctModels = 500;

export async function run(progress: Progress): Promise<Figure[]> {
  const values = week(1);
  const history = { startSeconds: 0, stepSeconds, values };
  const fits = Array.from({ length: 5 }, () => cpuMs(() => fitSeries(history, options)));
  const model = fitSeries(history, options)!;
  progress('one series, a week of minutes');
  const state = openSeries(model, history);
  const fresh = week(2);
  const whole = cpuMs(() => {
    for (let row = 0; row < rows; row++) advanceSeries(model, state, (rows + row) * stepSeconds, fresh[row]!);
  });
  const young = youngFigures(values);
  const figures = [
    barred('detect.point', (1000 * whole) / rows, '<=', 100, 'us'),
    ...young,
    told('detect.fit', median(fits), 'ms'),
    barred('detect.model', encodeModel(model).length, '<=', 60_000, 'bytes'),
    barred('detect.state', bytesOf(state), '<=', 12_000, 'bytes'),
  ];
  return [...figures, ...tickFigures(model, history, progress), ...entityFigures()];
}

/** Two days of minutes: all voters are at work, the long ones too. */
function youngFigures(values: Float64Array): Figure[] {
  const history = { startSeconds: 0, stepSeconds, values: values.subarray(0, 2900) };
  const model = fitSeries(history, options)!;
  const state = openSeries(model, history);
  const spent = cpuMs(() => {
    for (let row = 2900; row < rows; row++) advanceSeries(model, state, row * stepSeconds, values[row]!);
  });
  return [barred('detect.point_young', (1000 * spent) / (rows - 2900), '<=', 100, 'us')];
}

function tickFigures(model: SeriesModel, history: Parameters<typeof openSeries>[1], progress: Progress): Figure[] {
  const models = Array.from({ length: distinctModels }, () => structuredClone(model));
  const warm = { ...history, startSeconds: (rows - 300) * stepSeconds, values: history.values.subarray(rows - 300) };
  const perSeries: number[] = [];
  const bars: Record<number, number> = { 500: 50, 5000: 600 };
  const figures = [50, 500, 5000].map((count) => {
    progress(`${count} series`);
    const series = Array.from({ length: count }, (_, index) => {
      const one = models[index % distinctModels]!;
      return { model: one, state: openSeries(one, warm) };
    });
    const spent = median(Array.from({ length: ticks }, (_, tick) => cpuMs(() => tickAll(series, tick))));
    perSeries.push(spent / count);
    const limit = bars[count];
    const name = `detect.tick.${count}`;
    return limit === undefined ? told(name, spent, 'ms') : barred(name, spent, '<=', limit, 'ms');
  });
  return [...figures, barred('detect.tick.linear', perSeries[2]! / perSeries[1]!, '<=', 1.5, 'ratio of cost a series')];
}

function tickAll(series: readonly { model: SeriesModel; state: SeriesState }[], tick: number): void {
  for (const { model, state } of series) scoreSeries(model, state, (rows + 1) * stepSeconds, 100 + tick);
}

function entityFigures(): Figure[] {
  const channels = Array.from({ length: 8 }, (_, channel) => week(10 + channel));
  const history = { startSeconds: 0, stepSeconds, channels };
  const fit = cpuMs(() => fitEntity(history, options));
  const model = fitEntity(history, options)!;
  const state = openEntity(model, history);
  const spent = cpuMs(() => {
    for (let row = 0; row < 2000; row++) {
      advanceEntity(
        model,
        state,
        (rows + row) * stepSeconds,
        channels.map((values) => values[row]!),
      );
    }
  });
  return [
    told('detect.entity_point', spent / 2, 'us'),
    told('detect.entity_fit', fit, 'ms'),
    barred('detect.entity_model', encodeModel(model).length, '<=', 100_000, 'bytes'),
  ];
}

function week(seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from(
    { length: rows },
    (_, row) => 100 + 20 * Math.sin((2 * Math.PI * row) / 1440) + 3 * randomNormal(random),
  );
}

/** CPU time of this process, so that busy neighbours do not count. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), 0);
}
