// Overview: whether anything is wrong on the chosen machines, what, and since when.
import { rarity, rarityMappings, raritySteps, steps } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, strip, table } from '../build/panel.ts';
import { largest, query } from '../build/query.ts';
import { cpuBusy, firing, here, memoryUsed, spaceUsed, wholeScore } from '../build/select.ts';

const entity = 'detector, instance, name, groupname, device, mountpoint, uuid';
const rare = `topk(20, ${rarity(`anomaly_score{${here}}`)})`;

export const overview: Dashboard = {
  name: 'overview',
  title: 'Overview',
  description:
    'Whether anything is wrong, what, and since when. What is ordinary stays quiet; a gap is unknown, not fine.',
  tags: ['watch'],
  consolePage: '/',
  sections: [
    row('Now', [
      stat({
        title: 'Alerts that fire',
        description:
          'Rules of severity critical and warning that fire now, on the chosen machines or on none in particular; "unknown" while not even the one fires that always does.',
        queries: [query(`count(${firing}) or 0 * count(ALERTS{alertstate="firing"})`, 'firing')],
        unit: 'none',
        steps: steps(1, 5),
      }),
      stat({
        title: 'Rarest score',
        description: 'The rarest score of any entity: 2 is 1 in 100, 4 is 1 in 10,000.',
        queries: [query(`max(${rarity(wholeScore)})`, 'rarest')],
        unit: 'none',
        steps: raritySteps,
        mappings: rarityMappings(),
      }),
      stat({
        title: 'Raised by detectors',
        description: 'Series of which a detector holds an alert raised.',
        queries: [query(`sum(anomaly_alert{${here}})`, 'raised')],
        unit: 'none',
        steps: steps(1, 5),
      }),
      stat({
        title: 'Machines silent',
        description: 'Collectors that did not answer the last scrape: all about their machines is unknown.',
        queries: [query(`sum(up{job="node",${here}} == bool 0)`, 'silent')],
        unit: 'none',
        steps: steps(1, 1),
      }),
      stat({
        title: 'Containers',
        description: 'Running containers that the collector sees.',
        queries: [query(`count(container_last_seen{${here},name!=""})`, 'containers')],
        unit: 'none',
      }),
      stat({
        title: 'Fullest filesystem',
        description: 'Share of space in use on the fullest filesystem.',
        queries: [query(`max(${spaceUsed})`, 'used')],
        unit: 'percentunit',
        steps: steps(0.85, 0.95),
      }),
    ]),
    row('Unusual', [
      strip({
        title: 'Most unusual now',
        description:
          'How rare the state of each entity is, the eight rarest at the end of the range. Neutral is ordinary; a gap is unknown.',
        queries: [
          query(
            largest(entity, (at) => rarity(`anomaly_score{${here},metric="_all"}${at}`)),
            '{{detector}} {{name}}{{groupname}}{{device}} {{mountpoint}}{{uuid}} on {{instance}}',
          ),
        ],
      }),
      table({
        title: 'Rarest series',
        description: 'The 20 rarest now, and whether a detector holds an alert raised.',
        queries: [query(rare, ''), query(`anomaly_alert{${here}} and on (${entity}, metric) ${rare}`, '')],
        sortBy: 'Rarity',
        columns: [
          { name: 'instance', title: 'Machine' },
          {
            name: 'detector',
            title: 'Detector',
            link: inConsole('/anomalies'),
          },
          { name: 'name', title: 'Container' },
          { name: 'groupname', title: 'Process group' },
          { name: 'device', title: 'Disk' },
          { name: 'metric', title: 'Metric' },
          { name: 'Value #A', title: 'Rarity', steps: raritySteps, mappings: rarityMappings() },
          { name: 'Value #B', title: 'Raised', unit: 'none', steps: steps(1, 1) },
        ],
      }),
    ]),
    row('The machine', [
      lines({
        title: 'CPU in use',
        description: 'Share of all cores that works.',
        queries: [query(cpuBusy, '{{instance}}')],
        unit: 'percentunit',
        width: 8,
        min: 0,
        max: 1,
      }),
      lines({
        title: 'Memory in use',
        description: 'Share of memory that a program could not have: all but MemAvailable.',
        queries: [query(memoryUsed, '{{instance}}')],
        unit: 'percentunit',
        width: 8,
        min: 0,
        max: 1,
        steps: steps(0.9, 0.95),
        bounded: true,
      }),
      lines({
        title: 'Pressure',
        description: 'Share of time in which some task waited for CPU, memory or a disk.',
        queries: ['cpu', 'memory', 'io'].map((what) =>
          query(
            `rate(node_pressure_${what}_waiting_seconds_total{${here}}[$__rate_interval])`,
            `${what} on {{instance}}`,
          ),
        ),
        unit: 'percentunit',
        width: 8,
        min: 0,
      }),
    ]),
  ],
};
