// How well the kernel's clock is kept: synchronised or not, its error, its offset and its rate.
import { counter, gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** Number of the system call adjtimex by architecture; those are the ones Odyssey runs on. */
const systemCalls: Record<string, number> = { x86_64: 159, aarch64: 171 };

/**
 * No file tells this and Node makes no system calls, but perl does, and it is part of every Debian and Ubuntu.
 * `struct timex` of 64-bit Linux, all zero: with no mode set the call changes nothing and needs no right.
 */
function program(systemCall: number): string {
  return `my $t="\\0"x208;my $r=syscall(${systemCall},$t);die "$!\\n" if $r<0;print join(" ",$r,unpack("x8 q q q q l x4 q q q q q q q q l x4 q q q q q l",$t))`;
}

const fields = [
  'state offset freq maxerror esterror status constant precision tolerance seconds microseconds tick',
  'ppsfreq jitter shift stabil jitcnt calcnt errcnt stbcnt tai',
]
  .join(' ')
  .split(' ');

/** STA_NANO: offset and jitter are nanoseconds, else microseconds. */
const nanosecondsFlag = 0x2000;
/** TIME_ERROR: the clock is not synchronised. */
const notSynchronised = 5;
const millionth = 1e-6;
/** Frequencies are parts per million with 16 bits behind the point. */
const scaledPpm = 1e-6 / 65_536;

export const timex: Source = {
  name: 'timex',
  intervalSeconds: 30,
  deadlineSeconds: 4,
  metrics: [
    gauge('node_timex_sync_status', '1 where the clock is synchronised, else 0.'),
    gauge('node_timex_status', 'Status bits of the clock.'),
    gauge('node_timex_offset_seconds', 'Offset between the clock and its reference.'),
    gauge('node_timex_maxerror_seconds', 'Largest error the clock can have.'),
    gauge('node_timex_estimated_error_seconds', 'Error the clock is estimated to have.'),
    gauge('node_timex_frequency_adjustment_ratio', 'Rate the clock runs at, against its own oscillator.'),
    gauge('node_timex_loop_time_constant', 'Time constant of the phase-locked loop.'),
    gauge('node_timex_tick_seconds', 'Seconds between clock ticks.'),
    gauge('node_timex_tai_offset_seconds', 'Offset of international atomic time.'),
    gauge('node_timex_pps_frequency_hertz', 'Frequency of the pulse-per-second signal.'),
    gauge('node_timex_pps_jitter_seconds', 'Jitter of the pulse-per-second signal.'),
    gauge('node_timex_pps_shift_seconds', 'Length of a calibration interval.'),
    gauge('node_timex_pps_stability_hertz', 'Wander of the pulse-per-second signal.'),
    counter('node_timex_pps_jitter_total', 'Times the jitter limit was exceeded.'),
    counter('node_timex_pps_calibration_total', 'Calibration intervals.'),
    counter('node_timex_pps_error_total', 'Calibration errors.'),
    counter('node_timex_pps_stability_exceeded_total', 'Times the stability limit was exceeded.'),
  ],
  async read({ run, architecture }) {
    const systemCall = Object.hasOwn(systemCalls, architecture) ? systemCalls[architecture] : undefined;
    if (systemCall === undefined) throw new Error(`the number of adjtimex on ${architecture} is not known`);
    const limits = { timeoutSeconds: 3, outputBytesMax: 4096 };
    const { exitCode, stdout, stderr } = await run('perl', ['-e', program(systemCall)], limits);
    if (exitCode !== 0) throw new Error(`perl ended with ${exitCode}: ${stderr.slice(0, 200)}`);
    return timexSamples(stdout);
  },
};

export function timexSamples(line: string): Sample[] {
  const columns = columnsOf(line);
  const values = new Map(fields.map((field, at) => [field, parseInteger(columns[at])]));
  const value = (field: string) => values.get(field)!;
  const unit = (value('status') & nanosecondsFlag) === 0 ? millionth : 1e-9;
  return [
    sample('node_timex_sync_status', value('state') === notSynchronised ? 0 : 1),
    sample('node_timex_status', value('status')),
    sample('node_timex_offset_seconds', value('offset') * unit),
    sample('node_timex_maxerror_seconds', value('maxerror') * millionth),
    sample('node_timex_estimated_error_seconds', value('esterror') * millionth),
    sample('node_timex_frequency_adjustment_ratio', 1 + value('freq') * scaledPpm),
    sample('node_timex_loop_time_constant', value('constant')),
    sample('node_timex_tick_seconds', value('tick') * millionth),
    sample('node_timex_tai_offset_seconds', value('tai')),
    sample('node_timex_pps_frequency_hertz', value('ppsfreq') * scaledPpm),
    sample('node_timex_pps_jitter_seconds', value('jitter') * unit),
    sample('node_timex_pps_shift_seconds', value('shift')),
    sample('node_timex_pps_stability_hertz', value('stabil') * scaledPpm),
    sample('node_timex_pps_jitter_total', value('jitcnt')),
    sample('node_timex_pps_calibration_total', value('calcnt')),
    sample('node_timex_pps_error_total', value('errcnt')),
    sample('node_timex_pps_stability_exceeded_total', value('stbcnt')),
  ];
}
