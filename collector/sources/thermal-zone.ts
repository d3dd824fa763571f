// Thermal zones of the firmware, and how hard its cooling devices work.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseNumber } from '../../core/lib/parse.ts';
import type { Machine, Source } from '../source.ts';

const root = '/sys/class/thermal';

export const thermalZone: Source = {
  name: 'thermal_zone',
  metrics: [
    gauge('node_thermal_zone_temp', 'Temperature of the zone in degrees Celsius.'),
    gauge('node_cooling_device_cur_state', 'How hard the device cools now.'),
    gauge('node_cooling_device_max_state', 'How hard the device can cool.'),
  ],
  async read(machine) {
    const samples = await Promise.all(machine.listIfThere(root).map((folder) => readFolder(machine, folder)));
    return samples.flat();
  },
};

async function readFolder(machine: Machine, folder: string): Promise<Sample[]> {
  const [, kind, number] = /^(thermal_zone|cooling_device)(\d+)$/.exec(folder) ?? [];
  const type = machine.readTextIfThere(`${root}/${folder}/type`)?.trim();
  if (kind === undefined || number === undefined || type === undefined) return [];
  if (kind === 'thermal_zone') {
    const temperature = await readValue(machine, `${root}/${folder}/temp`);
    if (temperature === undefined) return [];
    return [sample('node_thermal_zone_temp', temperature / 1000, { type, zone: number })];
  }
  const samples: Sample[] = [];
  for (const state of ['cur_state', 'max_state']) {
    const value = await readValue(machine, `${root}/${folder}/${state}`);
    if (value !== undefined) samples.push(sample(`node_cooling_device_${state}`, value, { name: number, type }));
  }
  return samples;
}

/** A zone that is switched off refuses to be read; it has no value then. */
async function readValue({ readTextSlowly }: Machine, path: string): Promise<number | undefined> {
  try {
    return parseNumber(await readTextSlowly(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
