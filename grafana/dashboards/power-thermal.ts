// Power and thermal: temperatures, fans, cooling and what is drawn, as far as the machine has sensors for them.
import { colour, steps } from '../build/colour.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, states } from '../build/panel.ts';
import { largest, query, smallest } from '../build/query.ts';
import { here } from '../build/select.ts';

const sensor = 'instance, chip, sensor';

const now = row('Now', [
  stat({
    title: 'Hottest sensor',
    description: 'Highest temperature of any sensor of the board, the CPUs and the disks.',
    queries: [query(`max(node_hwmon_temp_celsius{${here}})`, 'hottest')],
    unit: 'celsius',
    steps: steps(80, 95),
  }),
  stat({
    title: 'Closest to its limit',
    description: "Temperature as a share of the sensor's own critical mark.",
    queries: [
      query(`max(node_hwmon_temp_celsius{${here}} / (node_hwmon_temp_crit_celsius{${here}} > 0))`, 'of critical'),
    ],
    unit: 'percentunit',
    steps: steps(0.9, 1),
  }),
  stat({
    title: 'Slowest fan',
    description: 'Fewest turns of any fan; a fan that stands still says 0.',
    queries: [query(`min(node_hwmon_fan_rpm{${here}})`, 'slowest')],
    unit: 'rotrpm',
  }),
  stat({
    title: 'CPU packages',
    description: 'What the CPU packages draw, from their energy counters.',
    queries: [query(`sum(rate(node_rapl_package_joules_total{${here}}[$__rate_interval]))`, 'packages')],
    unit: 'watt',
  }),
  stat({
    title: 'GPUs',
    description: 'What all GPUs draw together.',
    queries: [query(`sum(nvidia_smi_power_draw_watts{${here}})`, 'GPUs')],
    unit: 'watt',
  }),
  stat({
    title: 'Power supplies that are off',
    description: 'Supplies that the machine has and that deliver nothing.',
    queries: [query(`sum(node_power_supply_online{${here}} == bool 0)`, 'off')],
    unit: 'none',
    steps: steps(1, 2),
  }),
]);

const heat = row('Temperatures', [
  lines({
    title: 'Sensors',
    description: 'The eight warmest sensors at the end of the range.',
    queries: [
      query(
        largest(sensor, (at) => `max by (${sensor}) (node_hwmon_temp_celsius{${here}}${at})`),
        '{{chip}} {{sensor}} on {{instance}}',
      ),
    ],
    unit: 'celsius',
    steps: steps(80, 95),
    bounded: true,
  }),
  lines({
    title: 'Thermal zones',
    description: 'Zones that the kernel watches and cools.',
    queries: [
      query(
        largest('instance, zone, type', (at) => `max by (instance, zone, type) (node_thermal_zone_temp{${here}}${at})`),
        '{{type}} on {{instance}}',
      ),
    ],
    unit: 'celsius',
  }),
  lines({
    title: 'GPUs',
    description: 'Temperature of each GPU.',
    queries: [
      query(
        largest('instance, uuid', (at) => `max by (instance, uuid) (nvidia_smi_temperature_gpu{${here}}${at})`),
        '{{uuid}}',
      ),
    ],
    unit: 'celsius',
    steps: steps(80, 90),
    bounded: true,
  }),
  states({
    title: 'Sensors that raise their own alarm',
    description: 'The chip itself says that a temperature is critical.',
    queries: [
      query(
        largest(sensor, (at) => `max by (${sensor}) (node_hwmon_temp_crit_alarm_celsius{${here}}${at})`),
        '{{chip}} {{sensor}} on {{instance}}',
      ),
    ],
    unit: 'none',
    width: 12,
    mappings: [
      {
        type: 'value',
        options: {
          '0': { text: 'no', color: colour.neutral, index: 0 },
          '1': { text: 'alarm', color: colour.critical, index: 1 },
        },
      },
    ],
  }),
]);

const cooling = row('Cooling and power', [
  lines({
    title: 'Fans',
    description: 'Turns in a minute, of the eight slowest fans at the end of the range.',
    queries: [
      query(
        smallest(sensor, (at) => `min by (${sensor}) (node_hwmon_fan_rpm{${here}}${at})`),
        '{{chip}} {{sensor}} on {{instance}}',
      ),
    ],
    unit: 'rotrpm',
    min: 0,
  }),
  lines({
    title: 'Cooling at work',
    description: 'How far each cooling device is turned up, of what it can; processors slow down when theirs is.',
    queries: [
      query(
        largest(
          'instance, name, type',
          (at) =>
            `max by (instance, name, type) (node_cooling_device_cur_state{${here}}${at} / (node_cooling_device_max_state{${here}}${at} > 0))`,
        ),
        '{{type}} {{name}} on {{instance}}',
      ),
    ],
    unit: 'percentunit',
    min: 0,
    max: 1,
  }),
  lines({
    title: 'CPU power',
    description: 'What packages, cores and memory draw, from their energy counters.',
    queries: ['package', 'core', 'dram'].map((domain) =>
      query(
        `sum by (instance) (rate(node_rapl_${domain}_joules_total{${here}}[$__rate_interval]))`,
        `${domain} on {{instance}}`,
      ),
    ),
    unit: 'watt',
    min: 0,
  }),
  lines({
    title: 'CPU clock',
    description: 'Mean clock of the cores against the most that they can; far below under load is throttling.',
    queries: [
      query(`avg by (instance) (node_cpu_scaling_frequency_hertz{${here}})`, 'now on {{instance}}'),
      query(`max by (instance) (node_cpu_scaling_frequency_max_hertz{${here}})`, 'most on {{instance}}'),
    ],
    unit: 'hertz',
    min: 0,
  }),
]);

export const powerThermal: Dashboard = {
  name: 'power-thermal',
  title: 'Power and heat',
  description: 'Temperatures, fans, cooling and power. A panel says "unknown" where the machine has no such sensor.',
  tags: ['machine'],
  consolePage: '/nodes',
  sections: [now, heat, cooling],
};
