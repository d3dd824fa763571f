// The frequency that each CPU is asked to run at, and the bounds it is held in.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Machine, Source } from '../source.ts';

const files = {
  node_cpu_scaling_frequency_hertz: 'scaling_cur_freq',
  node_cpu_scaling_frequency_min_hertz: 'scaling_min_freq',
  node_cpu_scaling_frequency_max_hertz: 'scaling_max_freq',
} as const;

export const cpufreq: Source = {
  name: 'cpufreq',
  metrics: [
    gauge('node_cpu_scaling_frequency_hertz', 'Frequency the CPU is scaled to now.'),
    gauge('node_cpu_scaling_frequency_min_hertz', 'Lowest frequency the CPU may be scaled to.'),
    gauge('node_cpu_scaling_frequency_max_hertz', 'Highest frequency the CPU may be scaled to.'),
  ],
  async read(machine) {
    const cpus = machine.listIfThere('/sys/devices/system/cpu').filter((name) => /^cpu\d+$/.test(name));
    const samples = await Promise.all(cpus.map((cpu) => readCpu(machine, cpu)));
    return samples.flat();
  },
};

/** Some drivers ask the CPU itself, which takes milliseconds where it sleeps: off the loop. */
async function readCpu({ listIfThere, readTextSlowly }: Machine, name: string): Promise<Sample[]> {
  const folder = `/sys/devices/system/cpu/${name}/cpufreq`;
  const there = new Set(listIfThere(folder));
  const samples: Sample[] = [];
  for (const [metric, file] of Object.entries(files)) {
    if (!there.has(file)) continue;
    const kilohertz = parseInteger(await readTextSlowly(`${folder}/${file}`));
    samples.push(sample(metric, kilohertz * 1000, { cpu: name.slice(3) }));
  }
  return samples;
}
