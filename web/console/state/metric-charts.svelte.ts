// How the values of one container, GPU or machine came over the time looked at: a chart for each, with its expected band and what happened.
import type { z } from 'zod';
import type { metricHistory } from '../../../core/contracts/api-watch.ts';
import type { Band, Mark } from '../parts/chart-options.ts';
import { metricName } from '../values/anomaly-words.ts';
import { alignPoints, cutBelow } from '../values/points.ts';
import { leastOf, readUnit, type Unit } from '../values/units.ts';
import type { App } from './app.svelte.ts';
import { Deeds } from './deeds.svelte.ts';
import type { Stop } from './ports.ts';
import { Query } from './query.svelte.ts';

/** With the step that it was asked for with: the time looked at may have moved on since. */
type MetricHistory = z.infer<typeof metricHistory> & { stepSeconds: number };

/** Charts of one thing, side by side. */
export interface ChartRow {
  readonly query: Query<unknown>;
  readonly charts: readonly {
    metric: string;
    title: string;
    unit: Unit;
    times: readonly number[];
    series: readonly { name: string; values: readonly (number | null)[] }[];
    band?: Band | undefined;
  }[];
  readonly empty: boolean;
  readonly marks: readonly Mark[];
  follow(running: () => boolean): Stop;
}
type Ground = Pick<App, 'api' | 'ports' | 'time'>;

export interface Measured {
  of: 'container' | 'gpu' | 'node';
  id: string;
  instance?: string | undefined;
  /** Whose deploys and scale actions stand in the charts. */
  deployment?: string | undefined;
}

const refreshSeconds = 60;

export class MetricCharts implements ChartRow {
  private readonly app: Ground;
  readonly thing: Measured;
  readonly query: Query<MetricHistory>;
  private readonly deeds: Deeds | undefined;

  constructor(app: Ground, thing: Measured) {
    this.app = app;
    this.thing = thing;
    this.query = new Query((signal) => this.read(signal), app.ports);
    this.deeds = thing.deployment === undefined ? undefined : new Deeds(app, thing.deployment);
  }

  readonly charts = $derived.by(() =>
    (this.query.data?.metrics ?? []).map((one) => this.draw(one, this.query.data!.stepSeconds)),
  );
  readonly empty = $derived.by(() => this.charts.every(({ times }) => times.length === 0));
  readonly marks: readonly Mark[] = $derived.by(() => [
    ...(this.query.data?.starts ?? []).map((atSeconds) => ({ atSeconds, kind: 'restart' as const })),
    ...(this.deeds?.all ?? []).map(({ atSeconds, kind }) => ({ atSeconds, kind })),
  ]);

  follow(running: () => boolean): Stop {
    const stops = [this.query, this.deeds?.query].map((query) => query?.follow(refreshSeconds, running));
    return () => {
      for (const stop of stops) stop?.();
    };
  }

  private draw(
    { metric, unit, value, expectedLow, expectedHigh }: MetricHistory['metrics'][number],
    stepSeconds: number,
  ) {
    const { times, columns } = alignPoints([value, expectedLow, expectedHigh], stepSeconds);
    const [values = [], low = [], high = []] = columns;
    const band = expectedLow.length > 0 ? { low: cutBelow(low, leastOf(readUnit(unit))), high } : undefined;
    const title = metricName(metric);
    return { metric, title, unit: readUnit(unit), times, series: [{ name: title, values }], band };
  }

  private async read(signal: AbortSignal): Promise<MetricHistory> {
    const { start, end } = this.app.time.span();
    const { stepSeconds } = this.app.time;
    const { of, id, instance } = this.thing;
    const query = {
      ...{ of, id, ...(instance === undefined ? {} : { instance }) },
      ...{ start: Math.floor(start), end: Math.ceil(end), step: stepSeconds },
    };
    return {
      ...(await this.app.api.get<z.infer<typeof metricHistory>>('/metrics/history', query, signal)),
      stepSeconds,
    };
  }
}
