// The machine's own clock.
import { expect, test } from 'vitest';
import { time } from '../../../collector/sources/time.ts';
import { read } from '../read.ts';

test('seconds since the epoch', async () => {
  const now = { unixSeconds: 1_700_000_000.25, monotonicSeconds: 1 };
  expect(await read(time, {}, { now })).toEqual(['node_time_seconds 1700000000.25']);
});
