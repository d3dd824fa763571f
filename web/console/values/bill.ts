// What the appliance costs: its parts by the names that people know, and the sum of what is known.
import type { Overview } from './health.ts';

type BillItem = Extract<Overview['bill'], { state: 'known' }>['items'][number];

/** Jobs whose name says what is measured rather than what it costs. */
const partNames: Readonly<Record<string, string>> = {
  node: 'collector',
  gpu: 'collector for GPUs',
  ingress: 'ingress (HAProxy)',
};

/** One part of the appliance by the name that people know, with what is known of its cost. */
export function billRow({ job, memoryBytes, cpuCores }: BillItem) {
  return {
    job,
    name: partNames[job] ?? job,
    memory: memoryBytes.state === 'known' ? memoryBytes.value : null,
    cpu: cpuCores.state === 'known' ? cpuCores.value : null,
  };
}

/** Of what is known; nothing known is unknown. */
export function sumOf(values: readonly (number | null)[] | undefined): number | null {
  const known = values?.filter((value) => value !== null) ?? [];
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
