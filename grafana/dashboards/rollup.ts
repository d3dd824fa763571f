// Rollup: all machines side by side, one row each, worst first.
import { rarity, rarityMappings, raritySteps, steps } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { bars, lines, row, strip, table } from '../build/panel.ts';
import { largest, query } from '../build/query.ts';
import { cpuBusy, here, memoryUsed, spaceUsed } from '../build/select.ts';

export const rollup: Dashboard = {
  name: 'rollup',
  title: 'All machines',
  description: 'Every machine as one row: load, memory, space, alerts and how unusual it is.',
  tags: ['watch'],
  consolePage: '/nodes',
  range: 'now-6h',
  sections: [
    row('Side by side', [
      table({
        title: 'Machines',
        description: 'What each machine is at, at the end of the time range.',
        queries: [
          query(`max by (instance) (${cpuBusy})`, ''),
          query(`max by (instance) (${memoryUsed})`, ''),
          query(`max by (instance) (${spaceUsed})`, ''),
          query(
            `max by (instance) (node_load5{${here}}) / count by (instance) (node_cpu_seconds_total{${here},mode="idle"})`,
            '',
          ),
          query(`count by (instance) (container_last_seen{${here},name!=""})`, ''),
          query(`max by (instance) (${rarity(`anomaly_score{${here},metric="_all"}`)})`, ''),
        ],
        sortBy: 'Rarity',
        columns: [
          {
            name: 'instance',
            title: 'Machine',
            link: inConsole('/nodes'),
          },
          { name: 'Value #A', title: 'CPU', unit: 'percentunit', steps: steps(0.85, 0.95) },
          { name: 'Value #B', title: 'Memory', unit: 'percentunit', steps: steps(0.9, 0.95) },
          { name: 'Value #C', title: 'Fullest disk', unit: 'percentunit', steps: steps(0.85, 0.95) },
          { name: 'Value #D', title: 'Load per core', unit: 'none' },
          { name: 'Value #E', title: 'Containers', unit: 'none' },
          { name: 'Value #F', title: 'Rarity', steps: raritySteps, mappings: rarityMappings() },
        ],
      }),
      strip({
        title: 'How unusual each machine is',
        description: 'The rarest score of anything on the machine; the eight rarest at the end of the range.',
        queries: [
          query(
            largest('instance', (at) => `max by (instance) (${rarity(`anomaly_score{${here},metric="_all"}${at}`)})`),
            '{{instance}}',
          ),
        ],
      }),
    ]),
    row('Compared', [
      bars({
        title: 'CPU',
        description: 'Share of all cores that works, busiest first.',
        queries: [query(`sort_desc(topk(8, ${cpuBusy}))`, '{{instance}}')],
        unit: 'percentunit',
        width: 8,
        min: 0,
        max: 1,
        steps: steps(0.85, 0.95),
      }),
      bars({
        title: 'Memory',
        description: 'Share of memory in use, fullest first.',
        queries: [query(`sort_desc(topk(8, ${memoryUsed}))`, '{{instance}}')],
        unit: 'percentunit',
        width: 8,
        min: 0,
        max: 1,
        steps: steps(0.9, 0.95),
      }),
      bars({
        title: 'Fullest filesystems',
        description: 'Share of space in use, fullest first.',
        queries: [
          query(`sort_desc(topk(8, max by (instance, mountpoint) (${spaceUsed})))`, '{{instance}} {{mountpoint}}'),
        ],
        unit: 'percentunit',
        width: 8,
        min: 0,
        max: 1,
        steps: steps(0.85, 0.95),
      }),
      lines({
        title: 'Time since boot',
        description: 'A line that falls to zero is a restart of the machine.',
        queries: [query(`node_time_seconds{${here}} - node_boot_time_seconds{${here}}`, '{{instance}}')],
        unit: 's',
        min: 0,
      }),
      lines({
        title: 'Series that are raised',
        description: 'How many series of each machine a detector holds an alert raised on.',
        queries: [query(`sum by (instance) (anomaly_alert{${here}})`, '{{instance}}')],
        unit: 'none',
        min: 0,
      }),
    ]),
  ],
};
