// Energy that processor packages, cores and memory used, as the processor counts it; kernels let only root read it.
import { counter, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Machine, Source } from '../source.ts';

const root = '/sys/class/powercap';
const domains = ['package', 'core', 'uncore', 'dram', 'psys'] as const;

export const rapl: Source = {
  name: 'rapl',
  metrics: domains.map((domain) => counter(`node_rapl_${domain}_joules_total`, `Energy that ${domain} used.`)),
  read(machine) {
    const samples: Sample[] = [];
    const seen = new Map<string, number>();
    for (const zone of machine
      .listIfThere(root)
      .filter((name) => name.includes('rapl:'))
      .sort()) {
      const path = `${root}/${zone}`;
      const name = machine.readTextIfThere(`${path}/name`)?.trim();
      if (name === undefined) continue;
      // `package-1` carries its index; of the others each further one counts up.
      const [, domain = name, written] = /^(.+)-(\d+)$/.exec(name) ?? [];
      const index = written === undefined ? (seen.get(domain) ?? 0) : Number(written);
      seen.set(domain, index + 1);
      const microjoules = readEnergy(machine, `${path}/energy_uj`);
      if (microjoules === undefined || !(domains as readonly string[]).includes(domain)) continue;
      samples.push(sample(`node_rapl_${domain}_joules_total`, microjoules / 1e6, { index: String(index), path }));
    }
    return samples;
  },
};

/** Without root the energy cannot be had, by the kernel's design: no sample, and no failure that nobody could mend. */
function readEnergy({ readTextIfThere }: Machine, path: string): number | undefined {
  try {
    const text = readTextIfThere(path);
    return text === undefined ? undefined : parseInteger(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  }
}
