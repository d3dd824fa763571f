// DNS: whether each name server answers, and how fast.
import { colour, lowSteps, steps } from '../build/colour.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, states, table } from '../build/panel.ts';
import { largest, query, smallest } from '../build/query.ts';
import { here } from '../build/select.ts';

const by = 'instance, server, name';
const called = '{{name}} at {{server}} on {{instance}}';

export const dns: Dashboard = {
  name: 'dns',
  title: 'DNS',
  description: 'Every name server of the machine is asked directly: whether it answers, and how fast.',
  tags: ['machine'],
  consolePage: '/nodes',
  sections: [
    row('Now', [
      stat({
        title: 'Answers',
        description: 'Share of the queries of the last round that were answered.',
        queries: [query(`avg(dns_resolution_success{${here}})`, 'answered')],
        unit: 'percentunit',
        width: 8,
        steps: lowSteps(0.5, 1),
      }),
      stat({
        title: 'Slowest answer',
        description: 'Longest time to an answer in the last round; a query without an answer has no time.',
        queries: [query(`max(dns_resolution_duration_seconds{${here}})`, 'slowest')],
        unit: 's',
        width: 8,
        steps: steps(0.5, 2),
      }),
      stat({
        title: 'Name servers',
        description: 'Name servers that the machine is set to ask.',
        queries: [query(`count(count by (instance, server) (dns_resolution_success{${here}}))`, 'servers')],
        unit: 'none',
        width: 8,
      }),
    ]),
    row('Over time', [
      states({
        title: 'Answered',
        description: 'Whether each query was answered; those without an answer are the first to be shown.',
        queries: [
          query(
            smallest(by, (at) => `min by (${by}) (dns_resolution_success{${here}}${at})`),
            called,
          ),
        ],
        unit: 'none',
        width: 24,
        mappings: [
          {
            type: 'value',
            options: {
              '0': { text: 'no answer', color: colour.critical, index: 0 },
              '1': { text: 'answered', color: colour.neutral, index: 1 },
            },
          },
        ],
      }),
      lines({
        title: 'Time to an answer',
        description: 'Of the last query; a gap is a query without an answer.',
        queries: [
          query(
            largest(by, (at) => `max by (${by}) (dns_resolution_duration_seconds{${here}}${at})`),
            called,
          ),
        ],
        unit: 's',
        min: 0,
        steps: steps(0.5, 2),
        bounded: true,
      }),
      lines({
        title: 'Answered over 15 minutes',
        description: 'Share of queries that were answered, the eight worst at the end of the range.',
        queries: [
          query(
            smallest(by, (at) => `avg_over_time(dns_resolution_success{${here}}[15m]${at})`),
            called,
          ),
        ],
        unit: 'percentunit',
        min: 0,
        max: 1,
      }),
      table({
        title: 'Servers and names',
        description: 'The last answer of each server for each name.',
        queries: [
          query(`bottomk(50, min by (${by}) (dns_resolution_success{${here}}))`, ''),
          query(`topk(50, max by (${by}) (dns_resolution_duration_seconds{${here}}))`, ''),
        ],
        columns: [
          { name: 'server', title: 'Name server' },
          { name: 'name', title: 'Name' },
          { name: 'instance', title: 'Machine' },
          { name: 'Value #A', title: 'Answered', unit: 'none', steps: lowSteps(1, 1) },
          { name: 'Value #B', title: 'Time', unit: 's' },
        ],
      }),
    ]),
  ],
};
