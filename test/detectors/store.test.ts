// Models on disk: saved whole, refused when anything about them is wrong, the good one before kept in use.
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeModel, encodeModel, MODEL_BYTES_MAX } from '../../detectors/models/codec.ts';
import { fitSeries } from '../../detectors/models/series-model.ts';
import type { ModelStore } from '../../detectors/ports.ts';
import { createStore, tidyStore } from '../../detectors/store.ts';
import { noise } from '../fakes/detector.ts';

const spot = { detector: 'disk', modelKey: '["n","/dev/../../etc/passwd"]', metric: 'reads' } as const;
const fitted = (seed: number) => {
  const values = Float64Array.from({ length: 500 }, (_, index) => noise(seed, index));
  return encodeModel(
    fitSeries({ startSeconds: 0, stepSeconds: 60, values }, { seed, trainedAtSeconds: 0, features: ['reads'] })!,
  );
};
const [older, newer] = [fitted(1), fitted(2)];
const decode = (bytes: Uint8Array) => decodeModel(bytes, { kind: 'series', features: ['reads'] });

let folder: string;
let store: ModelStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'models-'));
  store = createStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const files = () => readdirSync(join(folder, 'disk')).sort();
const path = () => join(folder, 'disk', files().find((name) => name.endsWith('.model'))!);

test('what was saved comes back, and names stay inside the folder', async () => {
  await store.save(spot, older);
  expect((await store.load(spot, decode)).model!.seed).toBe(1);
  expect(files()).toEqual([expect.stringMatching(/^[0-9a-f]{40}\.model$/)]);
  expect(readdirSync(folder)).toEqual(['disk']);
});

test('nothing saved is no model and no refusal', async () => {
  expect(await store.load(spot, decode)).toEqual({ model: undefined, refused: [] });
});

const damages: { given: string; damage(file: string): void | Promise<void>; reason: RegExp }[] = [
  { given: 'empty', damage: (file) => truncateSync(file, 0), reason: /empty/ },
  { given: 'truncated', damage: (file) => truncateSync(file, 2_000), reason: /bytes/ },
  { given: 'a flipped bit', damage: (file) => flip(file, 0.7), reason: /checksum|changed/i },
  { given: 'a flipped bit in the header', damage: (file) => flip(file, 0.002), reason: /./ },
  { given: 'a wrong version', damage: (file) => patch(file, 4, 99), reason: /[Vv]ersion/ },
  { given: 'huge', damage: (file) => truncateSync(file, MODEL_BYTES_MAX + 1), reason: /too large/ },
  { given: 'text', damage: (file) => writeFileSync(file, 'import os; os.system("id")'), reason: /./ },
  {
    given: 'a symbolic link',
    damage: (file) => swap(file, () => symlinkSync(`${file}.elsewhere`, file)),
    reason: /symbolic link/,
  },
  { given: 'a folder', damage: (file) => swap(file, () => mkdirSync(file)), reason: /regular file/ },
];

describe('a file that is refused', () => {
  test.each(damages)('$given: the one before is in use', async ({ damage, reason }) => {
    await store.save(spot, older);
    await store.save(spot, newer);
    const file = path();
    await damage(file);
    const { model, refused } = await store.load(spot, decode);
    expect(model?.seed).toBe(1);
    expect(refused.map((each) => each.file)).toEqual([file]);
    expect(refused[0]!.reason).toMatch(reason);
    expect(files().some((name) => name.endsWith('.refused'))).toBe(true);
  });

  test('with none before there is no model, and the next save heals it', async () => {
    await store.save(spot, older);
    truncateSync(path(), 10);
    expect((await store.load(spot, decode)).model).toBeUndefined();
    expect((await store.load(spot, decode)).refused).toEqual([]);
    await store.save(spot, newer);
    expect((await store.load(spot, decode)).model!.seed).toBe(2);
  });

  test('of another owner', async () => {
    await store.save(spot, older);
    if (process.getuid!() !== 0) return expect(process.getuid!()).toBeGreaterThan(0); // only root can give a file away
    await chown(path(), 12_345, 12_345);
    const { model, refused } = await store.load(spot, decode);
    expect([model, refused[0]!.reason]).toEqual([undefined, expect.stringContaining('another user')]);
  });

  test('a damaged one before it is refused too', async () => {
    await store.save(spot, older);
    await store.save(spot, newer);
    truncateSync(path(), 10);
    truncateSync(`${path()}.previous`, 10);
    const { model, refused } = await store.load(spot, decode);
    expect([model, refused.length]).toEqual([undefined, 2]);
  });
});

describe('a crash in the middle of a save', () => {
  test('while writing: the old one is in use, the rest is tidied', async () => {
    await store.save(spot, older);
    const file = path();
    writeFileSync(`${file}.tmp`, newer.subarray(0, 100));
    expect((await store.load(spot, decode)).model!.seed).toBe(1);
    await tidyStore(folder, Date.now() / 1000);
    expect(files().filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await store.save(spot, newer);
    expect((await store.load(spot, decode)).model!.seed).toBe(2);
  });

  test('between the two renames: the one before is in use', async () => {
    await store.save(spot, older);
    const file = path();
    writeFileSync(`${file}.tmp`, newer);
    renameSync(file, `${file}.previous`);
    expect((await store.load(spot, decode)).model!.seed).toBe(1);
  });
});

test('models that nobody has used for a month are removed, others stay', async () => {
  await store.save(spot, older);
  await store.save({ ...spot, metric: 'writes' }, older);
  const [first] = files();
  utimesSync(join(folder, 'disk', first!), 1, 1);
  await tidyStore(folder, Date.now() / 1000);
  expect(files()).toHaveLength(1);
  await tidyStore(join(folder, 'not-there'), 0);
});

function flip(file: string, share: number): void {
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length * share);
  bytes[at] = bytes[at]! ^ 4;
  writeFileSync(file, bytes);
}

function patch(file: string, offset: number, value: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt32LE(value, offset);
  writeFileSync(file, bytes);
}

function swap(file: string, put: () => void): void {
  renameSync(file, `${file}.elsewhere`);
  put();
  closeSync(openSync(`${file}.elsewhere`, constants.O_RDONLY));
  expect(existsSync(file)).toBe(true);
}
