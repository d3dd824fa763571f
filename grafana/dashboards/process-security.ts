// Process security: threats that the processes of each machine show, and how well they are watched.
import { colour, steps } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, table } from '../build/panel.ts';
import { query } from '../build/query.ts';
import { here } from '../build/select.ts';

const tiers = ['critical', 'medium', 'low'] as const;
const threats = (tier: string) => `process_threats{${here},tier="${tier}"}`;
const from1 = (color: string) => [
  { color: colour.neutral, value: null },
  { color, value: 1 },
];

export const processSecurity: Dashboard = {
  name: 'process-security',
  title: 'Process security',
  description:
    'Threats that processes show now, by tier and kind, and how well they are watched. Command lines stay on the machine.',
  tags: ['watch'],
  consolePage: '/processes',
  sections: [
    row('Now', [
      stat({
        title: 'Threats',
        description:
          'Processes that look like a threat now, of tier critical and medium, which alert; "unknown" while they cannot be read.',
        queries: [query(`sum(process_threats{${here},tier=~"critical|medium"})`, 'threats')],
        unit: 'none',
        width: 6,
        steps: steps(1, 1),
      }),
      stat({
        title: 'Last scan',
        description: 'Age of the newest processes that were judged, of the machine that is furthest behind.',
        queries: [query(`max(time() - process_threats_scan_timestamp_seconds{${here}})`, 'age')],
        unit: 's',
        width: 6,
        steps: steps(120, 300),
      }),
      stat({
        title: 'Gap between looks',
        description: 'A process that lives shorter than this can pass unseen.',
        queries: [query(`max(threat_scan_gap_seconds{${here}})`, 'gap')],
        unit: 's',
        width: 6,
      }),
      stat({
        title: 'Failed scans',
        description: 'Times within an hour that the processes of a machine could not be read or judged.',
        queries: [query('sum(increase(process_threat_scan_failures_total[1h]))', 'failed')],
        unit: 'none',
        decimals: 0,
        width: 6,
        steps: steps(1, 10),
      }),
    ]),
    row('What', [
      lines({
        title: 'By tier',
        description: 'Processes that look like a threat, by how sure it is.',
        queries: [query(`sum by (tier) (process_threats{${here}})`, '{{tier}}')],
        unit: 'none',
        stacked: true,
        min: 0,
      }),
      lines({
        title: 'By kind',
        description: 'Processes that look like a threat, by what they look like.',
        queries: [query(`topk(8, sum by (category) (process_threats{${here}}))`, '{{category}}')],
        unit: 'none',
        min: 0,
      }),
      table({
        title: 'Threats by kind and machine',
        description: 'The console has the processes themselves, with what speaks against them.',
        queries: tiers.map((name) => query(`topk(100, sum by (instance, category) (${threats(name)}))`, '')),
        sortBy: 'Critical',
        columns: [
          {
            name: 'category',
            title: 'Kind',
            link: inConsole('/processes', 'threats'),
          },
          { name: 'instance', title: 'Machine' },
          { name: 'Value #A', title: 'Critical', unit: 'none', steps: from1(colour.critical) },
          { name: 'Value #B', title: 'Medium', unit: 'none', steps: from1(colour.warning) },
          { name: 'Value #C', title: 'Low', unit: 'none' },
        ],
      }),
    ]),
    row('Beside it', [
      lines({
        title: 'New processes',
        description: 'Processes started per second; a storm of them is a sign of its own.',
        queries: [query(`rate(node_forks_total{${here}}[$__rate_interval])`, '{{instance}}')],
        unit: 'ops',
        width: 8,
        min: 0,
      }),
      lines({
        title: 'Outgoing connections',
        description: 'TCP connections that the machine opened.',
        queries: [query(`rate(node_netstat_Tcp_ActiveOpens{${here}}[$__rate_interval])`, '{{instance}}')],
        unit: 'ops',
        width: 8,
        min: 0,
      }),
      lines({
        title: 'Unusual process groups',
        description: 'Groups whose score is above 99, as the process detector sees them.',
        queries: [
          query(
            `sum by (instance) (anomaly_score{${here},detector="process",metric="_all"} > bool 99)`,
            '{{instance}}',
          ),
        ],
        unit: 'none',
        width: 8,
        min: 0,
      }),
      lines({
        title: 'Threats by tier, all machines',
        description: 'Critical is as good as certain; low is worth a look when something else is wrong too.',
        queries: tiers.map((name) => query(`sum(${threats(name)})`, name)),
        unit: 'none',
        width: 24,
        height: 6,
        min: 0,
      }),
    ]),
  ],
};
