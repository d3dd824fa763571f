// Interrupts by line and CPU. Off by default: a series for each CPU and line.
import { counter, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf, linesOf } from '../procfs.ts';
import type { Source } from '../source.ts';

export const interrupts: Source = {
  name: 'interrupts',
  optional: true,
  metrics: [counter('node_interrupts_total', 'Interrupts serviced.')],
  read({ readText }) {
    const [header, ...lines] = linesOf(readText('/proc/interrupts'));
    const cpus = columnsOf(header ?? '').map((name) => name.replace('CPU', ''));
    return lines.flatMap((line) => readLine(line, cpus));
  },
};

/** `LOC: 1 2 text` for the kernel's own, `24: 1 2 chip hardware-line device, device` for a device's; ERR and MIS have one number for all CPUs. */
function readLine(line: string, cpus: readonly string[]): Sample[] {
  const colon = line.indexOf(':');
  const type = line.slice(0, colon).trim();
  const columns = columnsOf(line.slice(colon + 1));
  if (colon < 0 || columns.length < cpus.length) return [];
  const rest = columns.slice(cpus.length);
  const numbered = /^\d+$/.test(type);
  const info = numbered ? (rest[0] ?? '') : rest.join(' ');
  const devices = numbered ? rest.slice(1).join(' ') : '';
  return cpus.map((cpu, at) =>
    sample('node_interrupts_total', parseInteger(columns[at]), { cpu, devices, info, type }),
  );
}
