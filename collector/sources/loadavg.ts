// Load averages, as the kernel counts them: tasks that run, want to run, or wait for a disk.
import { gauge, sample } from '../../core/contracts/sample.ts';
import { parseNumber } from '../../core/lib/parse.ts';
import type { Source } from '../source.ts';

export const loadavg: Source = {
  name: 'loadavg',
  metrics: [
    gauge('node_load1', '1m load average.'),
    gauge('node_load5', '5m load average.'),
    gauge('node_load15', '15m load average.'),
  ],
  read({ readText }) {
    const [load1, load5, load15] = readText('/proc/loadavg').split(' ');
    return [
      sample('node_load1', parseNumber(load1)),
      sample('node_load5', parseNumber(load5)),
      sample('node_load15', parseNumber(load15)),
    ];
  },
};
