// Temperatures and fans, as the kernel's hardware monitors tell them.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseNumber } from '../../core/lib/parse.ts';
import type { Machine, Source } from '../source.ts';

const root = '/sys/class/hwmon';

/** By kind and property of the files `temp1_input`, `fan2_min` …: Documentation/hwmon/sysfs-interface.rst. */
const served: Record<string, { metric: string; scale: number; help: string }> = {
  temp_input: { metric: 'node_hwmon_temp_celsius', scale: 0.001, help: 'Temperature now.' },
  temp_max: { metric: 'node_hwmon_temp_max_celsius', scale: 0.001, help: 'Temperature that is high.' },
  temp_crit: { metric: 'node_hwmon_temp_crit_celsius', scale: 0.001, help: 'Temperature that is critical.' },
  temp_crit_hyst: {
    metric: 'node_hwmon_temp_crit_hyst_celsius',
    scale: 0.001,
    help: 'Temperature that ends the critical state.',
  },
  temp_crit_alarm: {
    metric: 'node_hwmon_temp_crit_alarm_celsius',
    scale: 0.001,
    help: '0.001 while the critical temperature is exceeded.',
  },
  fan_input: { metric: 'node_hwmon_fan_rpm', scale: 1, help: 'Turns a minute now.' },
  fan_min: { metric: 'node_hwmon_fan_min_rpm', scale: 1, help: 'Fewest turns a minute.' },
};

export const hwmon: Source = {
  name: 'hwmon',
  metrics: [
    ...Object.values(served).map(({ metric, help }) => gauge(metric, help)),
    gauge('node_hwmon_chip_names', 'Name of the chip that a person reads; always 1, one for each chip.'),
    gauge('node_hwmon_sensor_label', 'Name of the sensor that a person reads; always 1.'),
  ],
  async read(machine) {
    const byChip = new Map<string, string>();
    for (const folder of machine.listIfThere(root)) {
      const chip = chipOf(machine, folder);
      if (!byChip.has(chip)) byChip.set(chip, `${root}/${folder}`);
    }
    const samples = await Promise.all([...byChip].map(([chip, folder]) => readChip(machine, chip, folder)));
    return samples.flat();
  },
};

/** The path of the device is stable where the number of the monitor is not; without a device the monitor's own name serves. */
function chipOf({ linkTarget, readTextIfThere }: Machine, folder: string): string {
  const here = linkTarget(`${root}/${folder}`);
  const device = linkTarget(`${root}/${folder}/device`);
  if (device !== undefined) {
    const base = here === undefined ? `${root}/${folder}` : resolvePath(root, here);
    const [kind, name] = resolvePath(base, device).split('/').slice(-2);
    const chip = [cleanName(kind ?? ''), cleanName(name ?? '')].filter((part) => part !== '').join('_');
    if (chip !== '') return chip;
  }
  return cleanName(readTextIfThere(`${root}/${folder}/name`) ?? '') || cleanName(folder);
}

/** Where a relative link leads; nothing below /sys/devices is a link itself. */
export function resolvePath(base: string, target: string): string {
  const path = target.startsWith('/') ? [] : base.split('/').filter((part) => part !== '');
  for (const part of target.split('/')) {
    if (part === '..') path.pop();
    else if (part !== '' && part !== '.') path.push(part);
  }
  return `/${path.join('/')}`;
}

function cleanName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9:_]/g, '_')
    .replace(/^_+|_+$/g, '');
}

async function readChip(machine: Machine, chip: string, folder: string): Promise<Sample[]> {
  const there = machine.listIfThere(folder);
  // Old drivers keep their files in the folder of the device.
  const own = there.some((file) => /^(temp|fan)\d/.test(file)) || !there.includes('device');
  const sensors = own ? folder : `${folder}/device`;
  const samples: Sample[] = [];
  const name = (machine.readTextIfThere(`${folder}/name`) ?? machine.readTextIfThere(`${sensors}/name`))?.trim();
  if (name) samples.push(sample('node_hwmon_chip_names', 1, { chip, chip_name: cleanName(name) }));
  for (const file of own ? there : machine.listIfThere(sensors)) {
    const [, kind, number, property] = /^([a-z]+)(\d+)_([a-z_]+)$/.exec(file) ?? [];
    const sensor = `${kind}${number}`;
    if (property === 'label' && (kind === 'temp' || kind === 'fan')) {
      const label = machine.readTextIfThere(`${sensors}/${file}`)?.trim();
      if (label) samples.push(sample('node_hwmon_sensor_label', 1, { chip, sensor, label }));
    }
    const kept = Object.hasOwn(served, `${kind}_${property}`) ? served[`${kind}_${property}`]! : undefined;
    const value = kept && (await readSensor(machine, `${sensors}/${file}`));
    if (kept && value !== undefined) samples.push(sample(kept.metric, value * kept.scale, { chip, sensor }));
  }
  return samples;
}

/** A sensor that is not connected answers with an error; it has no value, and the others keep theirs. */
async function readSensor({ readTextSlowly }: Machine, path: string): Promise<number | undefined> {
  try {
    return parseNumber(await readTextSlowly(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
