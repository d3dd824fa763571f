// GPU: use, memory, heat, power, clocks and errors of each card, and who uses it.
import { colour, rarity, steps } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, states, strip, table } from '../build/panel.ts';
import { largest, query } from '../build/query.ts';
import { gpuList, here } from '../build/select.ts';

const card = `${here},uuid=~"$gpu"`;
const called = '{{uuid}}';
const by = 'instance, uuid';
const level = (name: string, words = '') =>
  query(
    largest(by, (at) => `max by (${by}) (${name}{${card}}${at})`),
    `${words}${called}`,
  );

const now = row('Now', [
  stat({
    title: 'GPUs',
    description: 'Cards that the driver shows.',
    queries: [query(`count(nvidia_smi_index{${card}})`, 'GPUs')],
    unit: 'none',
  }),
  stat({
    title: 'Busiest',
    description: 'Share of time in which the busiest card worked.',
    queries: [query(`max(nvidia_smi_utilization_gpu_ratio{${card}})`, 'busy')],
    unit: 'percentunit',
  }),
  stat({
    title: 'Fullest memory',
    description: 'Share of the memory in use on the fullest card.',
    queries: [query(`max(nvidia_smi_memory_used_bytes{${card}} / nvidia_smi_memory_total_bytes{${card}})`, 'used')],
    unit: 'percentunit',
    steps: steps(0.9, 0.97),
  }),
  stat({
    title: 'Hottest',
    description: 'Temperature of the hottest card.',
    queries: [query(`max(nvidia_smi_temperature_gpu{${card}})`, 'temperature')],
    unit: 'celsius',
    steps: steps(80, 90),
  }),
  stat({
    title: 'Power',
    description: 'What all chosen cards draw together.',
    queries: [query(`sum(nvidia_smi_power_draw_watts{${card}})`, 'power')],
    unit: 'watt',
  }),
  stat({
    title: 'Driver answers',
    description: '1 while the driver is read; at 0 all about the GPUs is unknown.',
    queries: [query(`min(nvidia_smi_last_collect_success{${here}})`, 'answers')],
    unit: 'none',
    steps: [
      { color: colour.critical, value: null },
      { color: colour.neutral, value: 1 },
    ],
  }),
]);

const work = row('Work', [
  strip({
    title: 'Most unusual GPUs',
    description: 'How rare the state of each card is; the eight rarest at the end of the range.',
    queries: [
      query(
        largest(by, (at) => `max by (${by}) (${rarity(`anomaly_score{${card},detector="gpu",metric="_all"}${at}`)})`),
        called,
      ),
    ],
    height: 6,
  }),
  lines({
    title: 'Use',
    description: 'Share of time in which the card worked.',
    queries: [level('nvidia_smi_utilization_gpu_ratio')],
    unit: 'percentunit',
    min: 0,
    max: 1,
  }),
  lines({
    title: 'Memory',
    description: 'Memory in use on each card.',
    queries: [level('nvidia_smi_memory_used_bytes')],
    unit: 'bytes',
    min: 0,
  }),
  lines({
    title: 'Temperature',
    description: 'Temperature of the chip.',
    queries: [level('nvidia_smi_temperature_gpu')],
    unit: 'celsius',
    steps: steps(80, 90),
    bounded: true,
  }),
  lines({
    title: 'Power',
    description: 'What each card draws, and what it is allowed.',
    queries: [level('nvidia_smi_power_draw_watts'), level('nvidia_smi_enforced_power_limit_watts', 'limit ')],
    unit: 'watt',
    min: 0,
  }),
  lines({
    title: 'Clocks',
    description: 'Clock of the multiprocessors and of the memory.',
    queries: [
      level('nvidia_smi_clocks_current_sm_clock_hz', 'SM '),
      level('nvidia_smi_clocks_current_memory_clock_hz', 'memory '),
    ],
    unit: 'hertz',
    min: 0,
  }),
  states({
    title: 'Held back by',
    description: 'Why the clocks are lower than they could be.',
    queries: ['hw_thermal_slowdown', 'sw_thermal_slowdown', 'hw_power_brake_slowdown', 'sw_power_cap'].map((reason) =>
      query(
        `max by (${by}) (nvidia_smi_clocks_event_reasons_${reason}{${card}})`,
        `${reason.replaceAll('_', ' ')} {{uuid}}`,
      ),
    ),
    unit: 'none',
    width: 12,
    mappings: [
      {
        type: 'value',
        options: {
          '0': { text: 'no', color: colour.neutral, index: 0 },
          '1': { text: 'yes', color: colour.warning, index: 1 },
        },
      },
    ],
  }),
]);

const who = row('Who uses it, and errors', [
  table({
    title: 'Cards',
    description: 'Model, driver and place of each card.',
    height: 6,
    queries: [query(`max by (uuid, name, index, driver_version, pci_bus_id) (nvidia_smi_gpu_info{${card}})`, '')],
    columns: [
      { name: 'uuid', title: 'UUID', link: inConsole('/gpus') },
      { name: 'name', title: 'Model' },
      { name: 'index', title: 'Index' },
      { name: 'driver_version', title: 'Driver' },
      { name: 'pci_bus_id', title: 'PCI' },
    ],
  }),
  lines({
    title: 'Memory by process',
    description: 'GPU memory that each program holds.',
    queries: [
      query(
        largest(
          'process_name, uuid',
          (at) => `sum by (process_name, uuid) (nvidia_smi_compute_app_used_memory_bytes{${card}}${at})`,
        ),
        '{{process_name}}',
      ),
    ],
    unit: 'bytes',
    min: 0,
  }),
  lines({
    title: 'Memory by container',
    description: 'GPU memory that the processes of each container hold.',
    queries: [
      query(
        largest('instance, name', (at) => `sum by (instance, name) (container_gpu_memory_bytes{${here}}${at})`),
        '{{name}}',
      ),
    ],
    unit: 'bytes',
    min: 0,
  }),
  lines({
    title: 'Uncorrected memory errors',
    description: "Errors of the card's memory that could not be corrected, counted since it was made.",
    queries: [level('nvidia_smi_ecc_errors_uncorrected_aggregate_total')],
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'PCIe link',
    description: 'Generation and width of the link: fewer lanes than the card has mean a bad slot or riser.',
    queries: [
      level('nvidia_smi_pcie_link_gen_current', 'generation '),
      level('nvidia_smi_pcie_link_width_current', 'lanes '),
    ],
    unit: 'none',
    min: 0,
  }),
]);

export const gpu: Dashboard = {
  name: 'gpu',
  title: 'GPUs',
  description: 'Use, memory, heat, power, clocks and errors of each card, and who uses it.',
  tags: ['machine'],
  consolePage: '/gpus',
  variables: [gpuList],
  marks: 'detector="gpu"',
  sections: [now, work, who],
};
