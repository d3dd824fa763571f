// The kernel's clock state, in the units of the metrics' names.
import { expect, test } from 'vitest';
import { timex, timexSamples } from '../../../collector/sources/timex.ts';
import { fileError } from '../../fakes/machine.ts';
import { read } from '../read.ts';

//            state offset freq maxerror esterror status constant precision tolerance sec usec tick pps…
const micro =
  '0 250000 65536000 16000000 500000 1 7 1 32768000 1795257369 947731 10000 131072000 3 4 65536000 8 9 10 11 37';
const nano = micro.replace('500000 1 7', '500000 8193 7');
const value = (line: string, name: string) =>
  timexSamples(line).find((sample) => sample.name === `node_timex_${name}`)?.value;

test.each([
  { name: 'sync_status', line: micro, gives: 1 },
  { name: 'sync_status', line: micro.replace(/^0/, '5'), gives: 0 },
  { name: 'offset_seconds', line: micro, gives: 0.25 },
  { name: 'offset_seconds', line: nano, gives: 0.00025 },
  { name: 'maxerror_seconds', line: micro, gives: 16 },
  { name: 'estimated_error_seconds', line: micro, gives: 0.5 },
  { name: 'frequency_adjustment_ratio', line: micro, gives: 1.001 },
  { name: 'loop_time_constant', line: micro, gives: 7 },
  { name: 'tick_seconds', line: micro, gives: 0.01 },
  { name: 'tai_offset_seconds', line: micro, gives: 37 },
  { name: 'pps_frequency_hertz', line: micro, gives: 0.002 },
  { name: 'pps_jitter_seconds', line: micro, gives: 0.000003 },
  { name: 'pps_shift_seconds', line: micro, gives: 4 },
  { name: 'pps_stability_hertz', line: micro, gives: 0.001 },
  { name: 'pps_jitter_total', line: micro, gives: 8 },
  { name: 'pps_calibration_total', line: micro, gives: 9 },
  { name: 'pps_error_total', line: micro, gives: 10 },
  { name: 'pps_stability_exceeded_total', line: micro, gives: 11 },
])('$name is $gives', ({ name, line, gives }) => {
  expect(value(line, name)).toBeCloseTo(gives, 12);
});

test.each([
  { given: 'perl answers', commands: { perl: { stdout: micro } }, gives: 17 },
  { given: 'perl is missing', commands: { perl: fileError('ENOENT') }, gives: 'ENOENT' },
  {
    given: 'the call is refused',
    commands: { perl: { exitCode: 1, stderr: 'Operation not permitted' } },
    gives: 'not permitted',
  },
  { given: 'the answer is cut', commands: { perl: { stdout: '0 1 2' } }, gives: 'not a number' },
])('$given', async ({ commands, gives }) => {
  const reading = read(timex, {}, { commands });
  if (typeof gives === 'number') expect(await reading).toHaveLength(gives);
  else await expect(reading).rejects.toThrow(gives);
});
