// Seconds that each CPU spent in each mode, as /proc/stat counts them.
import { counter, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const guestModes = ['user', 'nice'] as const;
const idle = modes.indexOf('idle');
/** An idle time that falls by more is a CPU that was taken out and put back: its counters start anew. */
const hotplugSeconds = 3;

/** Holds the largest values seen of each CPU: the kernel corrects iowait and steal downwards, and a counter must not fall. */
export function createCpu(): Source {
  const highest = new Map<string, number[]>();
  return {
    name: 'cpu',
    metrics: [
      counter('node_cpu_seconds_total', 'Seconds the CPUs spent in each mode.'),
      counter(
        'node_cpu_guest_seconds_total',
        'Seconds the CPUs spent running guests, by mode; also part of user and nice.',
      ),
    ],
    read({ readText, clockTicks }) {
      const samples: Sample[] = [];
      for (const line of linesOf(readText('/proc/stat'))) {
        if (!/^cpu\d/.test(line)) continue;
        const [name, ...ticks] = line.split(' ');
        const cpu = name!.slice(3);
        const now = ticks.slice(0, modes.length + guestModes.length).map((text) => parseInteger(text) / clockTicks);
        const seconds = notFalling(now, highest.get(cpu));
        highest.set(cpu, seconds);
        modes.forEach((mode, at) => {
          if (at < seconds.length) samples.push(sample('node_cpu_seconds_total', seconds[at]!, { cpu, mode }));
        });
        guestModes.forEach((mode, at) => {
          const value = seconds[modes.length + at];
          if (value !== undefined) samples.push(sample('node_cpu_guest_seconds_total', value, { cpu, mode }));
        });
      }
      if (samples.length === 0) throw new Error('/proc/stat has no line of a CPU');
      return samples;
    },
  };
}

function notFalling(now: number[], before: number[] | undefined): number[] {
  if (before === undefined || before[idle]! - now[idle]! > hotplugSeconds) return now;
  return now.map((value, at) => Math.max(value, before[at] ?? 0));
}
