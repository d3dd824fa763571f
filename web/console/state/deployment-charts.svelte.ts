// How a deployment did over the time looked at, each revision a line: traffic, errors, latency, replicas, processor and memory.
import type { z } from 'zod';
import type { deploymentHistory } from '../../../core/contracts/api-watch.ts';
import type { Mark } from '../parts/chart-options.ts';
import { metricName } from '../values/anomaly-words.ts';
import { alignPoints } from '../values/points.ts';
import { readUnit } from '../values/units.ts';
import type { App } from './app.svelte.ts';
import { type Deed, deedsOf } from './deeds.svelte.ts';
import type { DeploymentPage } from './deployment.svelte.ts';
import type { ChartRow } from './metric-charts.svelte.ts';
import type { Stop } from './ports.ts';
import { Query } from './query.svelte.ts';

/** With the step that it was asked for with: the time looked at may have moved on since. */
type DeploymentHistory = z.infer<typeof deploymentHistory> & { stepSeconds: number };
type Ground = Pick<App, 'api' | 'ports' | 'time'>;
type Subject = Pick<DeploymentPage, 'path' | 'operations'>;

const refreshSeconds = 30;

export class DeploymentCharts implements ChartRow {
  private readonly app: Ground;
  private readonly of: Subject;
  readonly query: Query<DeploymentHistory>;

  constructor(app: Ground, of: Subject) {
    this.app = app;
    this.of = of;
    this.query = new Query((signal) => this.read(signal), app.ports);
  }

  /** A revision has one colour in all charts: it is a line of each as soon as it has a point in one. */
  readonly charts = $derived.by(() => {
    const { metrics = [], stepSeconds = this.app.time.stepSeconds } = this.query.data ?? {};
    const known = new Set(
      metrics.flatMap(({ series }) => series.filter(({ value }) => value.length > 0).map(({ revision }) => revision)),
    );
    return metrics.map(({ metric, unit, series }) => {
      const lines = series.filter(({ revision }) => known.has(revision));
      const { times, columns } = alignPoints(
        lines.map(({ value }) => value),
        stepSeconds,
      );
      const drawn = lines.map(({ revision }, place) => ({ name: revision, values: columns[place]! }));
      return { metric, title: metricName(metric), unit: readUnit(unit), times, series: drawn };
    });
  });
  readonly empty = $derived.by(() => this.charts.every(({ times }) => times.length === 0));
  /** Older revisions of this time for which the charts have no room. */
  readonly omitted = $derived.by(() => this.query.data?.omitted ?? 0);

  /** What was done in this time, oldest first. */
  readonly deeds: readonly Deed[] = $derived.by(() => {
    const { start, end } = this.app.time.span();
    const all = deedsOf(this.of.operations.data?.items ?? []);
    return all.filter(({ atSeconds }) => atSeconds >= start && atSeconds <= end);
  });
  readonly marks: readonly Mark[] = $derived.by(() => this.deeds.map(({ atSeconds, kind }) => ({ atSeconds, kind })));

  follow(running: () => boolean): Stop {
    return this.query.follow(refreshSeconds, running);
  }

  private async read(signal: AbortSignal): Promise<DeploymentHistory> {
    const { start, end } = this.app.time.span();
    const { stepSeconds } = this.app.time;
    const query = { start: Math.floor(start), end: Math.ceil(end), step: stepSeconds };
    const read = await this.app.api.get<z.infer<typeof deploymentHistory>>(`${this.of.path}/history`, query, signal);
    return { ...read, stepSeconds };
  }
}
