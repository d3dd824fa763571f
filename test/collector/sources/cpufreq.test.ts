// Scaling frequencies are kilohertz in the files and hertz in the metrics.
import { expect, test } from 'vitest';
import { cpufreq } from '../../../collector/sources/cpufreq.ts';
import { read } from '../read.ts';

const folder = (cpu: number) => `/sys/devices/system/cpu/cpu${cpu}/cpufreq`;

test.each([
  { given: 'no frequency scaling', files: { '/sys/devices/system/cpu/cpu0/topology/core_id': '0' }, gives: [] },
  {
    given: 'one CPU that is scaled and one that tells only its bounds',
    files: {
      [`${folder(0)}/scaling_cur_freq`]: '2600000\n',
      [`${folder(0)}/scaling_min_freq`]: '800000\n',
      [`${folder(0)}/scaling_max_freq`]: '3500000\n',
      [`${folder(11)}/scaling_min_freq`]: '800000\n',
      '/sys/devices/system/cpu/cpufreq/boost': '1',
    },
    gives: [
      'node_cpu_scaling_frequency_hertz{cpu="0"} 2600000000',
      'node_cpu_scaling_frequency_min_hertz{cpu="0"} 800000000',
      'node_cpu_scaling_frequency_min_hertz{cpu="11"} 800000000',
      'node_cpu_scaling_frequency_max_hertz{cpu="0"} 3500000000',
    ],
  },
])('$given', async ({ files, gives }) => {
  expect(await read(cpufreq, files)).toEqual(gives);
});
