// Anomaly detection: what is rare now, why, and in which mode each series is.
import { rarity, rarityMappings, raritySteps, steps } from '../build/colour.ts';
import { inConsole } from '../build/console-link.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { bars, lines, row, stat, strip, table } from '../build/panel.ts';
import { largest, query } from '../build/query.ts';
import { detectorList, here } from '../build/select.ts';

const scores = `${here},detector=~"$detector"`;
const entity = 'detector, instance, name, groupname, device, mountpoint, uuid';
const called = '{{detector}} {{name}}{{groupname}}{{device}} {{mountpoint}}{{uuid}} on {{instance}}';
const rare = `topk(20, ${rarity(`anomaly_score{${scores}}`)})`;

const now = row('Now', [
  stat({
    title: 'Raised',
    description: 'Series of which an alert is held raised.',
    queries: [query(`sum(anomaly_alert{${scores}})`, 'raised')],
    unit: 'none',
    steps: steps(1, 5),
  }),
  stat({
    title: 'Rarest',
    description: 'The rarest score of any series.',
    queries: [query(`max(${rarity(`anomaly_score{${scores}}`)})`, 'rarest')],
    unit: 'none',
    steps: raritySteps,
    mappings: rarityMappings(),
  }),
  stat({
    title: 'Rarer than 1 in 100',
    description:
      'Share of series whose score is above 99. On a calm machine it is about one in a hundred: that is what the scale means.',
    queries: [query(`avg(anomaly_score{${scores}} > bool 99)`, 'share')],
    unit: 'percentunit',
    decimals: 1,
    steps: steps(0.05, 0.2),
  }),
  stat({
    title: 'With a model',
    description: 'Share of series that are judged by a model of their own; the others still learn.',
    queries: [
      query(
        `sum(anomaly_detector_mode{${scores},mode="model"}) / count(anomaly_detector_mode{${scores},mode="model"})`,
        'with a model',
      ),
    ],
    unit: 'percentunit',
  }),
  stat({
    title: 'Unknown',
    description: 'Series without usable data: no score is said about them.',
    queries: [query(`sum(anomaly_detector_mode{${scores},mode="unknown"})`, 'unknown')],
    unit: 'none',
  }),
  stat({
    title: 'Oldest evaluation',
    description: 'Age of the oldest evaluation of a series that is known; beyond 45 s nobody acts on it.',
    queries: [
      query(
        `max(time() - (anomaly_last_evaluation_timestamp_seconds{${scores}} and on (${entity}, metric) anomaly_score{${scores}}))`,
        'age',
      ),
    ],
    unit: 's',
    steps: steps(45, 120),
  }),
]);

const what = row('What and why', [
  strip({
    title: 'Most unusual',
    description: 'How rare the state of each entity is; the eight rarest at the end of the range. A gap is unknown.',
    queries: [
      query(
        largest(entity, (at) => rarity(`anomaly_score{${scores},metric="_all"}${at}`)),
        called,
      ),
    ],
  }),
  table({
    title: 'Rarest series',
    description: 'The 20 rarest now, and whether an alert is held raised.',
    queries: [query(rare, ''), query(`anomaly_alert{${scores}} and on (${entity}, metric) ${rare}`, '')],
    sortBy: 'Rarity',
    columns: [
      { name: 'detector', title: 'Detector' },
      {
        name: 'name',
        title: 'Container',
        link: inConsole('/anomalies'),
      },
      { name: 'groupname', title: 'Process group' },
      { name: 'device', title: 'Disk' },
      { name: 'mountpoint', title: 'Mounted at' },
      { name: 'uuid', title: 'GPU' },
      { name: 'instance', title: 'Machine' },
      { name: 'metric', title: 'Metric' },
      { name: 'Value #A', title: 'Rarity', steps: raritySteps, mappings: rarityMappings() },
      { name: 'Value #B', title: 'Raised', unit: 'none', steps: steps(1, 1) },
    ],
  }),
  bars({
    title: 'What weighs most',
    description: 'Share of the score by feature, for what is rarest now. A name is evidence, not a cause.',
    queries: [
      query(
        `sort_desc(topk(8, anomaly_feature_contribution{${scores}} and on (${entity}, metric) topk(3, anomaly_score{${scores}})))`,
        '{{feature}} of {{metric}} · {{name}}{{groupname}}{{device}}{{uuid}}',
      ),
    ],
    unit: 'percentunit',
    min: 0,
    max: 1,
  }),
  lines({
    title: 'Raised over time',
    description: 'Series that each detector holds raised.',
    queries: [query(`sum by (detector) (anomaly_alert{${scores}})`, '{{detector}}')],
    unit: 'none',
    min: 0,
  }),
]);

const models = row('How they are judged', [
  lines({
    title: 'Series by mode',
    description: 'With a model, by plain statistics while a series learns, or unknown.',
    queries: [query(`sum by (mode) (anomaly_detector_mode{${scores}})`, '{{mode}}')],
    unit: 'none',
    width: 8,
    stacked: true,
    min: 0,
  }),
  lines({
    title: 'Age of the models',
    description: 'Of each detector the oldest model in use; they are trained anew every 6 hours.',
    queries: [query(`max by (detector) (time() - anomaly_model_trained_timestamp_seconds{${scores}})`, '{{detector}}')],
    unit: 's',
    width: 8,
    min: 0,
  }),
  lines({
    title: 'Rows trained on',
    description: 'Of each detector the model with the fewest rows; a row is a minute.',
    queries: [query(`min by (detector) (anomaly_model_samples{${scores}})`, '{{detector}}')],
    unit: 'none',
    width: 8,
    min: 0,
  }),
]);

export const anomalies: Dashboard = {
  name: 'anomalies',
  title: 'Anomaly detection',
  description: 'What is rare now, why, and in which mode each series is judged.',
  tags: ['watch'],
  consolePage: '/anomalies',
  variables: [detectorList],
  marks: 'detector=~"$detector"',
  sections: [now, what, models],
};
