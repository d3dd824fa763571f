// Containers: what each uses of CPU, memory, network and disks, against its limits, and how it is.
import { colour, rarity, steps } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, states, strip, table } from '../build/panel.ts';
import { largest, query, smallest } from '../build/query.ts';
import { chosen, containerList } from '../build/select.ts';

const by = 'instance, name';
const called = '{{name}} on {{instance}}';
const sumRate = (name: string, at = '') => `sum by (${by}) (rate(${name}{${chosen}}[$__rate_interval]${at}))`;
const most = (name: string) =>
  query(
    largest(by, (at) => sumRate(name, at)),
    called,
  );
const mostLevel = (name: string) =>
  query(
    largest(by, (at) => `max by (${by}) (${name}{${chosen}}${at})`),
    called,
  );
const limit = `(container_spec_memory_limit_bytes{${chosen}} > 0)`;

const now = row('Now', [
  table({
    title: 'Containers',
    description: 'The 50 largest in memory. A share of the limit stands only where there is a limit.',
    height: 10,
    queries: [
      query(`topk(50, max by (${by}) (container_memory_working_set_bytes{${chosen}}))`, ''),
      query(`topk(50, max by (${by}) (container_memory_working_set_bytes{${chosen}}) / max by (${by}) (${limit}))`, ''),
      query(`topk(50, ${sumRate('container_cpu_usage_seconds_total')})`, ''),
      query(`topk(50, max by (${by}) (container_restart_count{${chosen}}))`, ''),
      query(`topk(50, max by (${by}) (time() - container_start_time_seconds{${chosen}}))`, ''),
    ],
    sortBy: 'Memory',
    columns: [
      {
        name: 'name',
        title: 'Container',
        link: inConsole('/containers'),
      },
      { name: 'instance', title: 'Machine' },
      { name: 'Value #A', title: 'Memory', unit: 'bytes' },
      { name: 'Value #B', title: 'Of its limit', unit: 'percentunit', steps: steps(0.85, 0.95) },
      { name: 'Value #C', title: 'Cores', unit: 'none' },
      { name: 'Value #D', title: 'Restarts', unit: 'none', steps: steps(1, 5) },
      { name: 'Value #E', title: 'Up for', unit: 's' },
    ],
  }),
  strip({
    title: 'Most unusual containers',
    description: 'How rare the state of each container is; the eight rarest at the end of the range.',
    queries: [
      query(
        largest(
          by,
          (at) => `max by (${by}) (${rarity(`anomaly_score{${chosen},detector="container",metric="_all"}${at}`)})`,
        ),
        called,
      ),
    ],
  }),
  states({
    title: 'Health',
    description:
      "What the container's own health check says, the unhealthy first to be shown; without one there is nothing to say.",
    queries: [
      query(
        smallest(by, (at) => `min by (${by}) (container_health_state{${chosen}}${at} >= 0)`),
        called,
      ),
    ],
    unit: 'none',
    width: 24,
    mappings: [
      {
        type: 'value',
        options: {
          '1': { text: 'healthy', color: colour.neutral, index: 0 },
          '0': { text: 'starting or unhealthy', color: colour.critical, index: 1 },
        },
      },
    ],
  }),
]);

const work = row('CPU and memory', [
  lines({
    title: 'CPU',
    description: 'Cores in use; 1 is one core all the time.',
    queries: [most('container_cpu_usage_seconds_total')],
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'Throttled',
    description: 'Time that threads were held back by the CPU limit, per second.',
    queries: [most('container_cpu_cfs_throttled_seconds_total')],
    unit: 'percentunit',
    min: 0,
  }),
  lines({
    title: 'Memory',
    description: 'Working set: memory that cannot simply be dropped.',
    queries: [mostLevel('container_memory_working_set_bytes')],
    unit: 'bytes',
    min: 0,
  }),
  lines({
    title: 'Memory of its limit',
    description: 'Only containers with a limit; at 100 % the kernel kills.',
    queries: [
      query(
        largest(
          by,
          (at) =>
            `max by (${by}) (container_memory_working_set_bytes{${chosen}}${at} / (container_spec_memory_limit_bytes{${chosen}}${at} > 0))`,
        ),
        called,
      ),
    ],
    unit: 'percentunit',
    min: 0,
    max: 1,
    steps: steps(0.85, 0.95),
    bounded: true,
  }),
]);

const pipes = row('Network, disks and processes', [
  lines({
    title: 'Network',
    description: 'Received above, sent below the line.',
    queries: [
      query(
        largest(by, (at) => sumRate('container_network_receive_bytes_total', at)),
        `in {{name}}`,
      ),
      query(
        largest(by, (at) => sumRate('container_network_transmit_bytes_total', at)),
        `out {{name}}`,
      ),
    ],
    unit: 'Bps',
    below: '/^out /',
  }),
  lines({
    title: 'Disks',
    description: 'Read above, written below the line.',
    queries: [
      query(
        largest(by, (at) => sumRate('container_fs_reads_bytes_total', at)),
        `read {{name}}`,
      ),
      query(
        largest(by, (at) => sumRate('container_fs_writes_bytes_total', at)),
        `written {{name}}`,
      ),
    ],
    unit: 'Bps',
    below: '/^written /',
  }),
  lines({
    title: 'Processes',
    description: 'Processes in the container.',
    queries: [mostLevel('container_processes')],
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'Killed for memory',
    description: 'Processes that the kernel killed because the container reached its limit, within 15 minutes.',
    queries: [
      query(
        largest(by, (at) => `sum by (${by}) (increase(container_oom_events_total{${chosen}}[15m]${at}))`),
        called,
      ),
    ],
    unit: 'none',
    min: 0,
  }),
]);

export const containers: Dashboard = {
  name: 'containers',
  title: 'Containers',
  description: 'What each container uses, against its limits, and how it is.',
  tags: ['run'],
  consolePage: '/containers',
  variables: [containerList],
  marks: 'detector="container"',
  sections: [now, work, pipes],
};
