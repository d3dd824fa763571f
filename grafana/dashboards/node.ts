// Node: CPU, memory, load, pressure and the kernel's own figures of a machine.
import { steps } from '../build/colour.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, table } from '../build/panel.ts';
import { query } from '../build/query.ts';
import { cpuBusy, here, memoryUsed } from '../build/select.ts';

const perSecond = (name: string, by = 'instance') => `sum by (${by}) (rate(${name}{${here}}[$__rate_interval]))`;

const now = row('Now', [
  stat({
    title: 'CPU',
    description: 'Share of all cores that works.',
    queries: [query(`max(${cpuBusy})`, 'busy')],
    unit: 'percentunit',
    steps: steps(0.85, 0.95),
  }),
  stat({
    title: 'Memory',
    description: 'Share of memory in use, all but MemAvailable.',
    queries: [query(`max(${memoryUsed})`, 'used')],
    unit: 'percentunit',
    steps: steps(0.9, 0.95),
  }),
  stat({
    title: 'Load per core',
    description: 'Tasks that run or wait, over 5 minutes, for each core.',
    queries: [
      query(
        `max(node_load5{${here}} / on (instance) count by (instance) (node_cpu_seconds_total{${here},mode="idle"}))`,
        'load',
      ),
    ],
    unit: 'none',
    decimals: 2,
    steps: steps(1.5, 3),
  }),
  stat({
    title: 'Up for',
    description: 'Time since the machine booted; of several machines the youngest.',
    queries: [query(`min(node_time_seconds{${here}} - node_boot_time_seconds{${here}})`, 'up')],
    unit: 's',
  }),
  stat({
    title: 'Killed for memory',
    description: 'Processes that the kernel killed because memory ran out, within a day.',
    queries: [query(`sum(increase(node_vmstat_oom_kill{${here}}[1d]))`, 'killed')],
    unit: 'none',
    decimals: 0,
    steps: steps(1, 3),
  }),
  stat({
    title: 'Open files',
    description: 'Share of the file handles that the kernel allows.',
    queries: [query(`max(node_filefd_allocated{${here}} / node_filefd_maximum{${here}})`, 'open')],
    unit: 'percentunit',
    steps: steps(0.7, 0.9),
  }),
]);

const cpu = row('CPU', [
  lines({
    title: 'CPU time',
    description: 'Cores at work by what they do; the height is the number of cores.',
    queries: [
      query(`sum by (mode) (rate(node_cpu_seconds_total{${here},mode!="idle"}[$__rate_interval]))`, '{{mode}}'),
    ],
    unit: 'none',
    stacked: true,
    min: 0,
  }),
  lines({
    title: 'Load',
    description: 'Mean number of tasks that run or wait, over 1, 5 and 15 minutes.',
    queries: ['1', '5', '15'].map((minutes) => query(`node_load${minutes}{${here}}`, `${minutes} min on {{instance}}`)),
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'Pressure',
    description: 'Share of time in which some task waited for CPU, memory or a disk.',
    queries: ['cpu', 'memory', 'io'].map((what) =>
      query(perSecond(`node_pressure_${what}_waiting_seconds_total`), `${what} on {{instance}}`),
    ),
    unit: 'percentunit',
    min: 0,
  }),
  lines({
    title: 'Switches and interrupts',
    description: 'Context switches, interrupts and new processes.',
    queries: [
      query(perSecond('node_context_switches_total'), 'switches on {{instance}}'),
      query(perSecond('node_intr_total'), 'interrupts on {{instance}}'),
      query(perSecond('node_forks_total'), 'forks on {{instance}}'),
    ],
    unit: 'ops',
    min: 0,
  }),
]);

const memory = row('Memory', [
  lines({
    title: 'Memory by use',
    description: 'Programs, caches that give way, the kernel, and what is free.',
    queries: [
      query(`sum by (instance) (node_memory_AnonPages_bytes{${here}})`, 'programs on {{instance}}'),
      query(
        `sum by (instance) (node_memory_Cached_bytes{${here}} + node_memory_Buffers_bytes{${here}})`,
        'caches on {{instance}}',
      ),
      query(`sum by (instance) (node_memory_Slab_bytes{${here}})`, 'kernel on {{instance}}'),
      query(`sum by (instance) (node_memory_MemFree_bytes{${here}})`, 'free on {{instance}}'),
    ],
    unit: 'bytes',
    stacked: true,
    min: 0,
  }),
  lines({
    title: 'Swap and promised memory',
    description: 'Swap in use, and memory promised to programs against what the kernel would promise.',
    queries: [
      query(`node_memory_SwapTotal_bytes{${here}} - node_memory_SwapFree_bytes{${here}}`, 'swap on {{instance}}'),
      query(`node_memory_Committed_AS_bytes{${here}}`, 'promised on {{instance}}'),
      query(`node_memory_CommitLimit_bytes{${here}}`, 'limit on {{instance}}'),
    ],
    unit: 'bytes',
    min: 0,
  }),
  lines({
    title: 'Pages read from disk',
    description: 'Major page faults: programs that wait for their own memory. Much of it is thrashing.',
    queries: [query(perSecond('node_vmstat_pgmajfault'), '{{instance}}')],
    unit: 'ops',
    min: 0,
  }),
  lines({
    title: 'Tasks',
    description: 'Tasks that run or wait for a core, and those that wait for a disk.',
    queries: [
      query(`node_procs_running{${here}}`, 'running on {{instance}}'),
      query(`node_procs_blocked{${here}}`, 'blocked on {{instance}}'),
    ],
    unit: 'none',
    min: 0,
  }),
]);

const identity = row('What it is', [
  table({
    title: 'Kernel',
    description: 'Name, kernel and architecture of the chosen machines.',
    height: 5,
    queries: [query(`max by (instance, nodename, sysname, release, machine) (node_uname_info{${here}})`, '')],
    columns: [
      { name: 'instance', title: 'Machine' },
      { name: 'nodename', title: 'Host name' },
      { name: 'sysname', title: 'System' },
      { name: 'release', title: 'Kernel' },
      { name: 'machine', title: 'Architecture' },
    ],
  }),
  lines({
    title: 'Clock',
    description: "How far the machine's clock is off, as the kernel estimates; scores and logs rest on it.",
    queries: [
      query(`node_timex_offset_seconds{${here}}`, 'offset on {{instance}}'),
      query(`node_timex_estimated_error_seconds{${here}}`, 'estimated error on {{instance}}'),
    ],
    unit: 's',
    width: 24,
  }),
]);

export const node: Dashboard = {
  name: 'node',
  title: 'Machine',
  description: "CPU, memory, load, pressure and the kernel's own figures.",
  tags: ['machine'],
  consolePage: '/nodes',
  sections: [now, cpu, memory, identity],
};
