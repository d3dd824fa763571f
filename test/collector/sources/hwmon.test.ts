// Sensors are named by their device, and each chip has exactly one name.
import { expect, test } from 'vitest';
import { hwmon, resolvePath } from '../../../collector/sources/hwmon.ts';
import { fileError } from '../../fakes/machine.ts';
import { read } from '../read.ts';

const at = (path: string) => `/sys/class/hwmon/${path}`;
const coretemp = {
  [at('hwmon0/name')]: 'coretemp\n',
  [at('hwmon0/temp1_input')]: '45000\n',
  [at('hwmon0/temp1_max')]: '80000\n',
  [at('hwmon0/temp1_crit')]: '100000\n',
  [at('hwmon0/temp1_crit_hyst')]: '95000\n',
  [at('hwmon0/temp1_crit_alarm')]: '0\n',
  [at('hwmon0/temp1_label')]: 'Package id 0\n',
  [at('hwmon0/fan1_input')]: '1200\n',
  [at('hwmon0/fan1_min')]: '300\n',
  [at('hwmon0/pwm1')]: '255\n',
};
const links = {
  [at('hwmon0')]: '../../devices/platform/coretemp.0/hwmon/hwmon0',
  [at('hwmon0/device')]: '../../../coretemp.0',
};

test('one chip with a thermometer and a fan', async () => {
  const lines = await read(hwmon, coretemp, { links });
  const labels = (sensor: string) => `{chip="platform_coretemp_0",sensor="${sensor}"}`;
  expect(lines).toEqual([
    `node_hwmon_temp_celsius${labels('temp1')} 45`,
    `node_hwmon_temp_max_celsius${labels('temp1')} 80`,
    `node_hwmon_temp_crit_celsius${labels('temp1')} 100`,
    `node_hwmon_temp_crit_hyst_celsius${labels('temp1')} 95`,
    `node_hwmon_temp_crit_alarm_celsius${labels('temp1')} 0`,
    `node_hwmon_fan_rpm${labels('fan1')} 1200`,
    `node_hwmon_fan_min_rpm${labels('fan1')} 300`,
    'node_hwmon_chip_names{chip="platform_coretemp_0",chip_name="coretemp"} 1',
    'node_hwmon_sensor_label{chip="platform_coretemp_0",sensor="temp1",label="Package id 0"} 1',
  ]);
});

test.each([
  { given: 'a chip without a device', files: { [at('hwmon3/name')]: 'ACPI tz\n' }, links: {}, gives: 'acpi_tz' },
  {
    given: 'a chip without device and name',
    files: { [at('hwmon3/temp1_input')]: '1000\n' },
    links: {},
    gives: 'hwmon3',
  },
  {
    given: 'a chip on a bus',
    files: { [at('hwmon3/name')]: 'k10temp\n' },
    links: {
      [at('hwmon3')]: '../../devices/pci0000:00/0000:00:18.3/hwmon/hwmon3',
      [at('hwmon3/device')]: '../../../0000:00:18.3',
    },
    gives: 'pci0000:00_0000:00:18_3',
  },
])('$given is called $gives', async ({ files, links: found, gives }) => {
  expect((await read(hwmon, files, { links: found })).join('\n')).toContain(`chip="${gives}"`);
});

test('two monitors of one device are one chip', async () => {
  const twice = { ...coretemp, [at('hwmon1/name')]: 'coretemp\n' };
  const device = {
    ...links,
    [at('hwmon1')]: '../../devices/platform/coretemp.0/hwmon/hwmon1',
    [at('hwmon1/device')]: '../../../coretemp.0',
  };
  const lines = await read(hwmon, twice, { links: device });
  expect(lines.filter((line) => line.startsWith('node_hwmon_chip_names'))).toHaveLength(1);
});

test('a sensor that is not connected has no sample; the others keep theirs', async () => {
  const lines = await read(hwmon, { ...coretemp, [at('hwmon0/temp1_input')]: fileError('EIO') }, { links });
  expect(lines.some((line) => line.startsWith('node_hwmon_temp_celsius'))).toBe(false);
  expect(lines.some((line) => line.startsWith('node_hwmon_temp_max_celsius'))).toBe(true);
});

test('nonsense in a sensor fails the source', async () => {
  await expect(read(hwmon, { ...coretemp, [at('hwmon0/temp1_input')]: 'hot' }, { links })).rejects.toThrow(
    'not a number',
  );
});

test('no monitors, no samples', async () => {
  expect(await read(hwmon, {})).toEqual([]);
});

test.each([
  ['/sys/class/hwmon', '../../devices/platform/a/hwmon/hwmon0', '/sys/devices/platform/a/hwmon/hwmon0'],
  ['/a/b', '/c/./d', '/c/d'],
  ['/a', '../../../x', '/x'],
])('from %s, %s leads to %s', (base, target, gives) => {
  expect(resolvePath(base, target)).toBe(gives);
});
