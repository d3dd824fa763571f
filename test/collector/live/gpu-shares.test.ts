// A process has a share of a GPU only where it is alone on it and the reading is fresh.
import { expect, test } from 'vitest';
import { gpuShares } from '../../../collector/live/gpu-shares.ts';
import type { Gpu } from '../../../collector/sources/gpu/csv.ts';
import { numberFields } from '../../../collector/sources/gpu/fields.ts';
import type { GpuReading } from '../../../collector/sources/gpu/smi.ts';

const busy = numberFields.find(({ series }) => series.includes('utilization_gpu_ratio'))!;
const gpu = (uuid: string, ratio?: number): Gpu => ({
  uuid,
  index: 0,
  texts: new Map(),
  values: new Map(ratio === undefined ? [] : [[busy, ratio]]),
});
const app = (uuid: string, pid: number) => ({ uuid, pid, processName: 'python', usedBytes: 1 });

interface Row {
  given: string;
  gpus: Gpu[];
  apps: ReturnType<typeof app>[] | undefined;
  ageSeconds?: number;
  gives: [number, number][];
}

test.each<Row>([
  { given: 'alone on it', gpus: [gpu('a', 0.9)], apps: [app('a', 5)], gives: [[5, 0.9]] },
  {
    given: 'listed twice for two contexts',
    gpus: [gpu('a', 0.9)],
    apps: [app('a', 5), app('a', 5)],
    gives: [[5, 0.9]],
  },
  {
    given: 'two of its own',
    gpus: [gpu('a', 0.2), gpu('b', 0.7)],
    apps: [app('a', 5), app('b', 5)],
    gives: [[5, 0.7]],
  },
  { given: 'an idle one', gpus: [gpu('a', 0)], apps: [app('a', 5)], gives: [[5, 0]] },
  { given: 'shared with another', gpus: [gpu('a', 0.9)], apps: [app('a', 5), app('a', 6)], gives: [] },
  { given: 'a slice, whose use is not told', gpus: [gpu('a')], apps: [app('mig-a', 5)], gives: [] },
  { given: 'a use that is not told', gpus: [gpu('a')], apps: [app('a', 5)], gives: [] },
  { given: 'processes that are unknown', gpus: [gpu('a', 0.9)], apps: undefined, gives: [] },
  { given: 'an old reading', gpus: [gpu('a', 0.9)], apps: [app('a', 5)], ageSeconds: 31, gives: [] },
])('$given', ({ gpus, apps, ageSeconds = 5, gives }) => {
  const reading: GpuReading = { gpus, apps, cudaVersion: '', atSeconds: 100 };
  expect([...gpuShares(reading, 100 + ageSeconds)]).toEqual(gives);
});

test('no GPU', () => {
  expect(gpuShares(undefined, 0).size).toBe(0);
});
