// Everything that the detectors judge, rarest first; those that raise an alert stand apart.
import type { z } from 'zod';
import type { anomalies } from '../../../core/contracts/api-watch.ts';
import { type Anomaly, entityKey, entityName, metricName, sentenceOf } from '../values/anomaly-words.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

export type Anomalies = z.infer<typeof anomalies>;
type Detector = Anomalies['detectors'][number];

const asked = 1_000;
/** 1 in 100: what is more common is nobody's business. */
const unusualScore = 99;

const columns: readonly Column<Anomaly>[] = [
  { key: 'score', title: 'How rare', value: ({ score }) => score, narrow: 'state' },
  { key: 'entity', title: 'What', value: ({ labels }) => entityName(labels) },
  { key: 'metric', title: 'Metric', value: ({ metric }) => metricName(metric) },
  { key: 'sentence', title: 'Why', value: sentenceOf, narrow: 'words', wide: true },
  { key: 'alert', title: 'Alert', value: sayAlert },
  { key: 'detector', title: 'Detector', value: ({ detector }) => detector, wide: true },
  { key: 'mode', title: 'Judged by', value: ({ mode }) => mode, hidden: true },
];

export class AnomaliesPage {
  readonly query: Query<Anomalies>;
  readonly table: TableState<Anomaly>;

  constructor({ api, queries, router }: Pick<App, 'api' | 'queries' | 'router'>) {
    this.query = queries.get('anomalies', (signal) => api.get<Anomalies>('/anomalies', { limit: asked }, signal));
    this.table = new TableState({
      ...{ columns, router, sort: '-score' },
      rows: () => this.items,
      id: (item) => `${entityKey(item)} ${item.metric}`,
    });
  }

  readonly items = $derived.by(() => this.query.data?.items ?? []);
  readonly alerting = $derived.by(() => this.items.filter(({ alert }) => alert?.raised));
  readonly silent = $derived.by(() => (this.query.data?.detectors ?? []).filter(isSilent));
  readonly omitted = $derived.by(() => this.query.data?.omitted ?? 0);

  readonly sentence = $derived.by(() => {
    const { data } = this.query;
    if (data === undefined) return undefined;
    const down = this.silent.map(({ detector }) => detector);
    if (down.length === data.detectors.length) return 'Unknown: no detector answers.';
    const rare = this.items.filter(({ score }) => (score ?? 0) >= unusualScore).length;
    const judged = this.items.filter(({ score }) => score !== null).length;
    const words =
      judged === 0
        ? ['Nothing has been judged yet']
        : [`${rare} of ${judged} judged series ${rare === 1 ? 'is' : 'are'} rarer than 1 in 100`];
    if (this.alerting.length > 0) words.push(`${this.alerting.length} raise an alert`);
    const waiting = this.items.length - judged;
    if (waiting > 0)
      words.push(judged === 0 ? `${waiting} series ${waiting === 1 ? 'waits' : 'wait'}` : `${waiting} not judged yet`);
    if (down.length > 0) words.push(`unknown: ${down.join(', ')}`);
    return `${words.join(', ')}.`;
  });
}

/** Nothing where none is raised; what cannot be judged may be as bad. */
function sayAlert({ alert, mode }: Anomaly): string {
  if (alert?.raised) return 'raised';
  return mode === 'unknown' ? 'unknown' : '';
}

function isSilent(detector: Detector): detector is Extract<Detector, { state: 'unknown' }> {
  return detector.state === 'unknown';
}
