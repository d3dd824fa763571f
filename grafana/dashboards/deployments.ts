// Deployments and ingress: requests, errors and times of each revision, and what its replicas use.
import { colour, steps } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row, stat, table } from '../build/panel.ts';
import { largest, query, smallest } from '../build/query.ts';
import { here } from '../build/select.ts';
import { list } from '../build/variable.ts';

const revision = 'environment, deployment, revision';
const called = '{{deployment}} {{revision}}';
const wanted = 'deployment=~"$deployment"';
const owned = `${here},container_label_odyssey_deployment=~"$deployment"`;
const replica = 'container_label_odyssey_deployment, container_label_odyssey_revision';
const replicaCalled = '{{container_label_odyssey_deployment}} {{container_label_odyssey_revision}}';
const requests = (at = '', more = '') =>
  `sum by (${revision}) (rate(ingress_requests_total{${wanted}${more}}[$__rate_interval]${at}))`;
const failures = (at = '') => `sum by (${revision}) (rate(ingress_errors_total{${wanted}}[$__rate_interval]${at}))`;
const quantile = (share: number, at = '') =>
  `histogram_quantile(${share}, sum by (${revision}, le) (rate(ingress_request_duration_seconds_bucket{${wanted}}[$__rate_interval]${at})))`;

const now = row('Now', [
  stat({
    title: 'Ingress',
    description: 'Whether HAProxy answers; "unknown" where nothing is deployed that needs it.',
    queries: [query('min(ingress_up)', 'ingress')],
    unit: 'none',
    width: 4,
    mappings: [
      {
        type: 'value',
        options: {
          '0': { text: 'silent', color: colour.critical, index: 0 },
          '1': { text: 'answers', index: 1 },
        },
      },
    ],
  }),
  stat({
    title: 'Requests',
    description: 'Requests per second over all chosen deployments.',
    queries: [query(`sum(rate(ingress_requests_total{${wanted}}[$__rate_interval]))`, 'requests')],
    unit: 'reqps',
    width: 5,
  }),
  stat({
    title: 'Errors',
    description: 'Share of requests that failed; without a request it is unknown, not 0.',
    queries: [
      query(
        `sum(rate(ingress_errors_total{${wanted}}[$__rate_interval])) / (sum(rate(ingress_requests_total{${wanted}}[$__rate_interval])) > 0)`,
        'errors',
      ),
    ],
    unit: 'percentunit',
    decimals: 2,
    width: 5,
    steps: steps(0.01, 0.05),
  }),
  stat({
    title: 'Slowest in a hundred',
    description: 'Time within which 99 of 100 requests are answered.',
    queries: [
      query(
        `histogram_quantile(0.99, sum by (le) (rate(ingress_request_duration_seconds_bucket{${wanted}}[$__rate_interval])))`,
        'p99',
      ),
    ],
    unit: 's',
    width: 5,
  }),
  stat({
    title: 'Replicas',
    description: 'Running containers that belong to a deployment.',
    queries: [query(`count(container_last_seen{${owned}})`, 'replicas')],
    unit: 'none',
    width: 5,
  }),
  table({
    title: 'Revisions',
    description: 'Traffic of each revision: during a canary two of them share it.',
    queries: [
      query(`topk(50, ${requests()})`, ''),
      query(`topk(50, ${failures()} / (${requests()} > 0))`, ''),
      query(`topk(50, ${quantile(0.5)})`, ''),
      query(`topk(50, ${quantile(0.99)})`, ''),
    ],
    sortBy: 'Requests',
    columns: [
      {
        name: 'deployment',
        title: 'Deployment',
        link: inConsole('/deployments'),
      },
      { name: 'environment', title: 'Environment' },
      { name: 'revision', title: 'Revision' },
      { name: 'Value #A', title: 'Requests', unit: 'reqps' },
      { name: 'Value #B', title: 'Errors', unit: 'percentunit', steps: steps(0.01, 0.05) },
      { name: 'Value #C', title: 'Half within', unit: 's' },
      { name: 'Value #D', title: '99 % within', unit: 's' },
    ],
  }),
]);

const traffic = row('Traffic', [
  lines({
    title: 'Requests',
    description: 'Requests of each revision; a canary that advances takes them over.',
    queries: [
      query(
        largest(revision, (at) => requests(at)),
        called,
      ),
    ],
    unit: 'reqps',
    stacked: true,
    min: 0,
  }),
  lines({
    title: 'Answers by class',
    description: 'Answers by the class of their status.',
    queries: [
      query(`sum by (code_class) (rate(ingress_requests_total{${wanted}}[$__rate_interval]))`, '{{code_class}}'),
    ],
    unit: 'reqps',
    stacked: true,
    min: 0,
  }),
  lines({
    title: 'Errors',
    description: 'Share of requests that failed, by revision; a gap is a revision without traffic.',
    queries: [
      query(
        largest(revision, (at) => `${failures(at)} / (${requests(at)} > 0)`),
        called,
      ),
    ],
    unit: 'percentunit',
    min: 0,
    steps: steps(0.01, 0.05),
    bounded: true,
  }),
  lines({
    title: 'Tried again',
    description: 'Requests that the ingress sent to another replica because the first did not take them.',
    queries: [
      query(
        largest(
          revision,
          (at) => `sum by (${revision}) (rate(ingress_retries_total{${wanted}}[$__rate_interval]${at}))`,
        ),
        called,
      ),
    ],
    unit: 'reqps',
    min: 0,
  }),
  lines({
    title: 'Time of 50 %',
    description: 'Time within which half of the requests are answered.',
    queries: [
      query(
        largest(revision, (at) => quantile(0.5, at)),
        called,
      ),
    ],
    unit: 's',
    min: 0,
  }),
  lines({
    title: 'Time of 99 %',
    description: 'Time within which 99 of 100 requests are answered.',
    queries: [
      query(
        largest(revision, (at) => quantile(0.99, at)),
        called,
      ),
    ],
    unit: 's',
    min: 0,
  }),
]);

const wayIn = row('The way in', [
  lines({
    title: 'Servers that pass their check',
    description: 'As HAProxy says, of the eight revisions with the fewest; a gap is a time in which it did not answer.',
    queries: [
      query(
        smallest(revision, (at) => `min by (${revision}) (ingress_servers_up{${wanted}}${at})`),
        called,
      ),
    ],
    unit: 'none',
    width: 16,
    min: 0,
  }),
  table({
    title: 'Certificates',
    description: 'How long each still holds; what HAProxy cannot use is not here, but an alert.',
    queries: [query('bottomk(50, min by (file) (ingress_certificate_expiry_timestamp_seconds) - time())', '')],
    width: 8,
    columns: [
      { name: 'file', title: 'File' },
      { name: 'Value', title: 'Holds for', unit: 's' },
    ],
  }),
]);

const replicas = row('Replicas', [
  lines({
    title: 'Replicas',
    description: 'Running containers of each revision.',
    queries: [
      query(
        largest(replica, (at) => `count by (${replica}) (container_last_seen{${owned}}${at})`),
        replicaCalled,
      ),
    ],
    unit: 'none',
    width: 8,
    min: 0,
  }),
  lines({
    title: 'CPU',
    description: 'Cores that the replicas of each revision use together.',
    queries: [
      query(
        largest(
          replica,
          (at) => `sum by (${replica}) (rate(container_cpu_usage_seconds_total{${owned}}[$__rate_interval]${at}))`,
        ),
        replicaCalled,
      ),
    ],
    unit: 'none',
    width: 8,
    min: 0,
  }),
  lines({
    title: 'Memory',
    description: 'Working set of the replicas of each revision together.',
    queries: [
      query(
        largest(replica, (at) => `sum by (${replica}) (container_memory_working_set_bytes{${owned}}${at})`),
        replicaCalled,
      ),
    ],
    unit: 'bytes',
    width: 8,
    min: 0,
  }),
]);

export const deployments: Dashboard = {
  name: 'deployments',
  title: 'Deployments and ingress',
  description: 'Requests, errors and times of each revision, and what its replicas use.',
  tags: ['run'],
  consolePage: '/deployments',
  variables: [
    list({
      name: 'deployment',
      label: 'Deployment',
      description: 'The deployments that are shown, the most asked first to be listed.',
      expr: 'sum by (deployment) (ingress_requests_total)',
      from: 'deployment',
    }),
  ],
  marks: 'detector="container"',
  sections: [now, traffic, wayIn, replicas],
};
