// Work in steps comes to the same result at once and in slices; between slices other work gets its turn.
import { expect, test } from 'vitest';
import { runAtOnce, runInSlices, type Steps } from '../../collector/steps.ts';

function* countTo(last: number, onStep: () => void = () => undefined): Steps<number[]> {
  const counted: number[] = [];
  for (let number = 1; number <= last; number++) {
    counted.push(number);
    onStep();
    yield;
  }
  return counted;
}

function* failing(): Steps<number> {
  yield;
  throw new Error('no such file');
}

test('at once', () => {
  expect(runAtOnce(countTo(3))).toEqual([1, 2, 3]);
  expect(() => runAtOnce(failing())).toThrow('no such file');
});

test.each([
  { given: 'short steps', stepSeconds: 0.001, pauses: 1 },
  { given: 'long steps', stepSeconds: 0.05, pauses: 20 },
  { given: 'steps that take no time', stepSeconds: 0, pauses: 0 },
])('in slices: $given', async ({ stepSeconds, pauses }) => {
  let [now, paused] = [0, 0];
  const pacing = {
    monotonicSeconds: () => now,
    pause: async () => {
      paused++;
      now += 5;
    },
  };
  const work = countTo(20, () => {
    now += stepSeconds;
  });
  const { result, busySeconds } = await runInSlices(work, pacing);
  expect(result).toHaveLength(20);
  expect(busySeconds).toBeCloseTo(20 * stepSeconds);
  expect(Math.abs(paused - pauses)).toBeLessThanOrEqual(1);
});

test('what a step throws is thrown', async () => {
  await expect(runInSlices(failing(), { monotonicSeconds: () => 0, pause: async () => undefined })).rejects.toThrow(
    'no such file',
  );
});
