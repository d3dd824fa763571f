// The machine's clock, so that drift against whoever scrapes can be seen.
import { gauge, sample } from '../../core/contracts/sample.ts';
import type { Source } from '../source.ts';

export const time: Source = {
  name: 'time',
  metrics: [gauge('node_time_seconds', 'Time of the machine, in seconds since the epoch.')],
  read: ({ unixSeconds }) => [sample('node_time_seconds', unixSeconds())],
};
