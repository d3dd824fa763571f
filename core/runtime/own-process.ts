// What this very process costs, as text for its /metrics; and the units that the kernel counts in.
import { readdirSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { createProcessCost, processMetrics } from '../lib/process-cost.ts';
import { renderExposition } from '../lib/promtext.ts';

/**
 * Renders the figures of this process. What cannot be read has no sample and never breaks the scrape around it:
 * the text is then empty, and whoever adds up sees a part that is unknown.
 */
export function createOwnProcess(): () => string {
  const readCost = createProcessCost();
  const units = readKernelUnits();
  const readText = (path: string) => readFileSync(path, 'utf8');
  return () => {
    try {
      return renderExposition(processMetrics, readCost({ ...units, readText, list: (path) => readdirSync(path) }));
    } catch {
      return ''; // no Linux, or a /proc that is hidden
    }
  };
}

const auxPageBytes = 6;
const auxClockTicks = 17;

/** Ticks a second and bytes a page, as the kernel tells a program at its start in pairs of 64-bit numbers: getauxval(3). */
export function readKernelUnits(): { clockTicks: number; pageBytes: number } {
  const values = new Map<number, number>();
  const bytes = endianness() === 'LE' ? readAuxiliaryVector() : Buffer.alloc(0);
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    values.set(Number(bytes.readBigUInt64LE(at)), Number(bytes.readBigUInt64LE(at + 8)));
  }
  return { clockTicks: values.get(auxClockTicks) ?? 100, pageBytes: values.get(auxPageBytes) ?? 4096 };
}

function readAuxiliaryVector(): Buffer {
  try {
    return readFileSync('/proc/self/auxv');
  } catch {
    return Buffer.alloc(0); // no Linux: nothing of /proc is counted in these units then
  }
}
