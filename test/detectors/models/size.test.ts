// What a week of minutes costs in memory: as a file, and alive with its state, measured on this process's own heap.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { decodeModel, encodeModel } from '../../../detectors/models/codec.ts';
import { fitEntity, openEntity } from '../../../detectors/models/entity-model.ts';
import { fitSeries, openSeries } from '../../../detectors/models/series-model.ts';
import { liveLife } from '../on-history/series.ts';
import { monday, options } from './made-series.ts';

const rows = 10_080;
const grid = { startSeconds: monday, stepSeconds: 60 };
const channels = liveLife(monday, rows, 5)
  .series.slice(0, 5)
  .map(({ values }) => values);
const series = fitSeries({ ...grid, values: channels[0]! }, options)!;
const seriesState = openSeries(series, { ...grid, values: channels[0]! });
const entity = fitEntity({ ...grid, channels }, options)!;
const entityState = openEntity(entity, { ...grid, channels });
const copies = 200;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes of the heap and of the arrays outside of it. */
function usedBytes(): number {
  for (let round = 0; round < 3; round++) collect(); // blocks of what the first found are given back by the next
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test.each([
  { given: 'a series', model: series, state: seriesState, fileMax: 60_000, aliveMax: 75_000 },
  { given: 'an entity of five metrics', model: entity, state: entityState, fileMax: 60_000, aliveMax: 65_000 },
])(
  '$given: at most $fileMax bytes as a file, $aliveMax alive with its state',
  ({ model, state, fileMax, aliveMax }) => {
    const bytes = encodeModel(model);
    expect(bytes.length).toBeLessThan(fileMax);
    const before = usedBytes();
    const alive = Array.from({ length: copies }, () => ({ model: decodeModel(bytes), state: structuredClone(state) }));
    const each = (usedBytes() - before) / alive.length;
    expect(each).toBeGreaterThan(bytes.length / 2); // it did measure
    expect(each).toBeLessThan(aliveMax);
  },
);

test('a model that was read holds one block, not one an array', () => {
  const { voters, calibration } = decodeModel(encodeModel(series)) as typeof series;
  expect(voters.level!.references.buffer).toBe(calibration.ascending.buffer);
});

test('a state that goes to another thread leaves the block of its model behind', () => {
  const read = decodeModel(encodeModel(series)) as typeof series;
  const sent = structuredClone(openSeries(read, { ...grid, values: channels[0]! }));
  const readEntity = decodeModel(encodeModel(entity)) as typeof entity;
  const sentEntity = structuredClone(openEntity(readEntity, { ...grid, channels }));
  expect(blockBytes(sent)).toBeLessThan(12_000);
  expect(blockBytes(sentEntity)).toBeLessThan(5_000);
});

/** Of all blocks that the value's arrays lie in, whole. */
function blockBytes(value: unknown): number {
  const blocks = new Set<ArrayBufferLike>();
  collectBlocks(value, blocks);
  return [...blocks].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function collectBlocks(value: unknown, blocks: Set<ArrayBufferLike>): void {
  if (ArrayBuffer.isView(value)) blocks.add(value.buffer);
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) collectBlocks(part, blocks);
}
