// The appliance itself: whether its parts answer, what they cost, and what they could not do.
import { colour, lowSteps, steps } from '../build/colour.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, states, table } from '../build/panel.ts';
import { largest, query, smallest } from '../build/query.ts';
import { here } from '../build/select.ts';

const ours = 'job=~"node|gpu|detectors|control-plane|broker|prometheus|alertmanager|ingress"';
const failed = (name: string, legend: string) => query(`sum(increase(${name}[15m]))`, legend);

const cost = (title: string, description: string, unit: string, [process, container]: readonly [string, string]) => {
  const queries = [query(`sum by (job) (${process})`, '{{job}}'), query(`sum(${container})`, 'ingress')];
  return lines({ title, description, queries, unit, stacked: true, min: 0 });
};

const now = row('Now', [
  stat({
    title: 'Parts that answer',
    description: 'Share of our processes that answered the last scrape.',
    queries: [query(`avg(up{${ours}})`, 'answer')],
    unit: 'percentunit',
    steps: lowSteps(0.5, 1),
  }),
  stat({
    title: 'Sources that fail',
    description: 'Sources of the collectors whose last read failed.',
    queries: [query(`sum(node_scrape_collector_success{${here}} == bool 0)`, 'fail')],
    unit: 'none',
    steps: steps(1, 3),
  }),
  stat({
    title: 'Audit log',
    description: '1 while acts can be recorded; at 0 nothing is changed.',
    queries: [query('min(odyssey_audit_writable)', 'writable')],
    unit: 'none',
    mappings: [
      {
        type: 'value',
        options: {
          '0': { text: 'not writable', color: colour.critical, index: 0 },
          '1': { text: 'writable', index: 1 },
        },
      },
    ],
  }),
  stat({
    title: 'Docker engine',
    description: 'Whether the engine answered the collector the last time; "unknown" where there is none.',
    queries: [query(`min(container_engine_up{${here}})`, 'engine')],
    unit: 'none',
    mappings: [
      {
        type: 'value',
        options: { '0': { text: 'silent', color: colour.critical, index: 0 }, '1': { text: 'answers', index: 1 } },
      },
    ],
  }),
  stat({
    title: 'Series',
    description: 'Series that Prometheus holds in memory.',
    queries: [query('sum(prometheus_tsdb_head_series)', 'series')],
    unit: 'short',
  }),
  stat({
    title: 'History on disk',
    description: 'Size of the blocks that Prometheus keeps.',
    queries: [query('sum(prometheus_tsdb_storage_blocks_bytes)', 'blocks')],
    unit: 'bytes',
  }),
]);

const parts = row('Parts', [
  states({
    title: 'Answering',
    description: 'Whether each process answered when it was scraped; the silent are the first to be shown.',
    queries: [
      query(
        smallest('job, instance, detector', (at) => `min by (job, instance, detector) (up{${ours}}${at})`, 20),
        '{{job}} {{detector}} {{instance}}',
      ),
    ],
    unit: 'none',
    width: 24,
    mappings: [
      {
        type: 'value',
        options: {
          '0': { text: 'silent', color: colour.critical, index: 0 },
          '1': { text: 'answers', color: colour.neutral, index: 1 },
        },
      },
    ],
  }),
  cost(
    'Memory',
    'Resident memory of each process, counted once; of the ingress, the working set of its container.',
    'bytes',
    [`process_resident_memory_bytes{${ours}}`, 'container_memory_working_set_bytes{name="odyssey-haproxy"}'],
  ),
  cost('CPU', 'Cores that each process uses; of the ingress, those of its container.', 'none', [
    `rate(process_cpu_seconds_total{${ours}}[$__rate_interval])`,
    'rate(container_cpu_usage_seconds_total{name="odyssey-haproxy"}[$__rate_interval])',
  ]),
  lines({
    title: 'Time of a scrape',
    description: 'How long each process takes to answer.',
    queries: [query(`max by (job) (scrape_duration_seconds{${ours}})`, '{{job}}')],
    unit: 's',
    min: 0,
  }),
  lines({
    title: 'Series of a scrape',
    description: 'How much each process tells; a part that nears its limit is dropped whole.',
    queries: [query(`sum by (job) (scrape_samples_scraped{${ours}})`, '{{job}}')],
    unit: 'short',
    min: 0,
  }),
]);

const collection = row('Collecting and detecting', [
  lines({
    title: 'Slowest sources',
    description: 'How long the slowest sources of the collectors take.',
    queries: [
      query(
        largest(
          'instance, collector',
          (at) => `max by (instance, collector) (node_scrape_collector_duration_seconds{${here}}${at})`,
        ),
        '{{collector}} on {{instance}}',
      ),
    ],
    unit: 's',
    min: 0,
  }),
  table({
    title: 'Sources',
    description: 'Whether the last read of each source succeeded, and how old the last success is.',
    width: 12,
    queries: [
      query(`bottomk(100, min by (instance, collector) (node_scrape_collector_success{${here}}))`, ''),
      query(
        `topk(100, max by (instance, collector) (time() - collector_source_last_success_timestamp_seconds{${here}}))`,
        '',
      ),
    ],
    sortBy: 'Age',
    columns: [
      { name: 'collector', title: 'Source' },
      { name: 'instance', title: 'Machine' },
      { name: 'Value #A', title: 'Succeeded', unit: 'none', steps: lowSteps(1, 1) },
      { name: 'Value #B', title: 'Age', unit: 's', steps: steps(120, 600) },
    ],
  }),
  lines({
    title: 'Time of an evaluation',
    description: 'Longest evaluation of a series, by detector.',
    queries: [query('max by (detector) (anomaly_evaluation_duration_seconds)', '{{detector}}')],
    unit: 's',
    min: 0,
  }),
  lines({
    title: 'What the detectors could not do',
    description: 'Ticks that failed, series beyond a cap, models refused and feedback not read, within 15 minutes.',
    queries: [
      failed('anomaly_detection_errors_total', 'failed ticks'),
      failed('anomaly_overflow_total', 'beyond a cap'),
      failed('anomaly_model_refusals_total', 'models refused'),
      failed('anomaly_feedback_failures_total', 'feedback not read'),
      failed('anomaly_dropped_ticks_total', 'dropped ticks'),
    ],
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'Trainings',
    description: 'Models trained within an hour, by what became of them.',
    queries: [query('sum by (outcome) (increase(anomaly_trainings_total[1h]))', '{{outcome}}')],
    unit: 'none',
    min: 0,
  }),
  lines({
    title: 'Left out by the collectors',
    description: 'Samples beyond a cap of their metric, per second: what is left out is unknown.',
    queries: [
      query(`sum by (instance) (rate(collector_series_dropped_total{${here}}[$__rate_interval]))`, '{{instance}}'),
    ],
    unit: 'ops',
    min: 0,
  }),
]);

const plane = row('Control plane and broker', [
  lines({
    title: 'Calls of the API',
    description: 'Calls answered, by status.',
    queries: [query('sum by (status) (rate(odyssey_http_requests_total[$__rate_interval]))', '{{status}}')],
    unit: 'reqps',
    min: 0,
    width: 8,
  }),
  lines({
    title: 'Time of a call',
    description: 'Mean time to answer a call.',
    queries: [
      query(
        'sum(rate(odyssey_http_request_seconds_total[$__rate_interval])) / (sum(rate(odyssey_http_requests_total[$__rate_interval])) > 0)',
        'mean',
      ),
    ],
    unit: 's',
    min: 0,
    width: 8,
  }),
  lines({
    title: 'Audit log',
    description: 'Records in the log, and records that a witness outside has a signed checkpoint of.',
    queries: [
      query('max(odyssey_audit_records)', 'records'),
      query('max by (target) (odyssey_audit_anchored_records)', 'known to {{target}}'),
    ],
    unit: 'short',
    min: 0,
    width: 8,
  }),
  lines({
    title: 'Pages that watch live',
    description: 'Open pages, and values that a newer one replaced before they were sent.',
    queries: [
      query('sum(odyssey_live_sockets)', 'pages'),
      query('sum(rate(odyssey_live_dropped_total[$__rate_interval]))', 'replaced per second'),
    ],
    unit: 'none',
    min: 0,
    width: 8,
  }),
  lines({
    title: 'Broker',
    description: 'Calls to the Docker engine by how they ended.',
    queries: [query('sum by (outcome) (rate(broker_requests_total[$__rate_interval]))', '{{outcome}}')],
    unit: 'reqps',
    min: 0,
    width: 8,
  }),
  lines({
    title: 'Refused by the broker',
    description:
      'Calls that were not passed on to the engine, within 15 minutes: whoever makes them tries what is not allowed.',
    queries: [query('sum by (reason) (increase(broker_refusals_total[15m]))', '{{reason}}')],
    unit: 'none',
    min: 0,
    width: 8,
  }),
]);

const engines = row('Prometheus and Alertmanager', [
  lines({
    title: 'Samples',
    description: 'Samples that Prometheus takes in.',
    queries: [query('sum(rate(prometheus_tsdb_head_samples_appended_total[$__rate_interval]))', 'samples')],
    unit: 'ops',
    min: 0,
    width: 8,
  }),
  lines({
    title: 'Rules that fail',
    description: 'Evaluations of rules that failed, within 15 minutes.',
    queries: [failed('prometheus_rule_evaluation_failures_total', 'failed')],
    unit: 'none',
    min: 0,
    width: 8,
  }),
  lines({
    title: 'Notifications that fail',
    description:
      'Alerts that Prometheus could not hand over, and messages that Alertmanager could not deliver, within 15 minutes.',
    queries: [
      failed('prometheus_notifications_dropped_total', 'not handed over'),
      failed('alertmanager_notifications_failed_total', 'not delivered'),
    ],
    unit: 'none',
    min: 0,
    width: 8,
  }),
]);

export const appliance: Dashboard = {
  name: 'appliance',
  title: 'The appliance itself',
  description: 'Whether its parts answer, what they cost, and what they could not do.',
  tags: ['trust'],
  consolePage: '/settings',
  sections: [now, parts, collection, plane, engines],
};
