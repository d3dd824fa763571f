// Processes: groups of processes by program, what they use and how many there are.
import { rarity } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, strip, table } from '../build/panel.ts';
import { largest, query } from '../build/query.ts';
import { groupList, here } from '../build/select.ts';

const group = `${here},groupname=~"$group"`;
const by = 'instance, groupname';
const called = '{{groupname}} on {{instance}}';
const prefix = 'namedprocess_namegroup_';
const level = (name: string, more = '') =>
  query(
    largest(by, (at) => `sum by (${by}) (${prefix}${name}{${group}${more}}${at})`),
    called,
  );
const rate = (name: string, legend = called) =>
  query(
    largest(by, (at) => `sum by (${by}) (rate(${prefix}${name}{${group}}[$__rate_interval]${at}))`),
    legend,
  );

export const processes: Dashboard = {
  name: 'processes',
  title: 'Processes',
  description: 'Groups of processes by program: what they use, how many there are, and which are unusual.',
  tags: ['machine'],
  consolePage: '/processes',
  variables: [groupList],
  marks: 'detector="process"',
  sections: [
    row('Unusual', [
      strip({
        title: 'Most unusual groups',
        description: 'How rare the state of each group is; the eight rarest at the end of the range.',
        queries: [
          query(
            largest(
              by,
              (at) => `max by (${by}) (${rarity(`anomaly_score{${group},detector="process",metric="_all"}${at}`)})`,
            ),
            called,
          ),
        ],
      }),
      table({
        title: 'Groups',
        description: 'The 50 largest in memory.',
        queries: [
          query(`topk(50, sum by (${by}) (${prefix}memory_bytes{${group},memtype="resident"}))`, ''),
          query(`topk(50, sum by (${by}) (rate(${prefix}cpu_seconds_total{${group}}[$__rate_interval])))`, ''),
          query(`topk(50, sum by (${by}) (${prefix}num_procs{${group}}))`, ''),
          query(`topk(50, max by (${by}) (${prefix}worst_fd_ratio{${group}}))`, ''),
        ],
        sortBy: 'Memory',
        columns: [
          {
            name: 'groupname',
            title: 'Group',
            link: inConsole('/processes', 'processes', 'tab=processes&'),
          },
          { name: 'instance', title: 'Machine' },
          { name: 'Value #A', title: 'Memory', unit: 'bytes' },
          { name: 'Value #B', title: 'Cores', unit: 'none' },
          { name: 'Value #C', title: 'Processes', unit: 'none' },
          { name: 'Value #D', title: 'Open files of the limit', unit: 'percentunit' },
        ],
      }),
    ]),
    row('What they use', [
      lines({
        title: 'CPU',
        description: 'Cores in use by each group.',
        queries: [rate('cpu_seconds_total')],
        unit: 'none',
        min: 0,
      }),
      lines({
        title: 'Resident memory',
        description: 'Memory that is in RAM; pages shared by several processes count for each.',
        queries: [level('memory_bytes', ',memtype="resident"')],
        unit: 'bytes',
        min: 0,
      }),
      lines({
        title: 'Reads and writes',
        description: 'Read from disks above, written below the line.',
        queries: [rate('read_bytes_total', 'read {{groupname}}'), rate('write_bytes_total', 'written {{groupname}}')],
        unit: 'Bps',
        below: '/^written /',
      }),
      lines({
        title: 'Major page faults',
        description: 'Pages of the group that had to be read from a disk.',
        queries: [rate('major_page_faults_total')],
        unit: 'ops',
        min: 0,
      }),
    ]),
    row('How many', [
      lines({
        title: 'Processes',
        description: 'Processes in each group.',
        queries: [level('num_procs')],
        unit: 'none',
        min: 0,
        width: 8,
      }),
      lines({
        title: 'Threads',
        description: 'Threads in each group.',
        queries: [level('num_threads')],
        unit: 'none',
        min: 0,
        width: 8,
      }),
      lines({
        title: 'Open files',
        description: 'File descriptors held by each group.',
        queries: [level('open_filedesc')],
        unit: 'none',
        min: 0,
        width: 8,
      }),
    ]),
  ],
};
