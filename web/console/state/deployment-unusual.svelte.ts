// What is unusual about a deployment's replicas now: said where somebody decides whether to go back.
import { type Anomaly, anomalyHref, entityName, sentenceOf } from '../values/anomaly-words.ts';
import type { Anomalies } from './anomalies.svelte.ts';
import type { App } from './app.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';

/** 1 in 100: what is more common is nobody's business. */
const unusualScore = 99;
/** More containers than a host can run. */
const judgedMax = 1_000;
const shownMax = 3;
const refreshSeconds = 15;

export class UnusualReplicas {
  private readonly deployment: string;
  /** Undefined where the person may not see what is judged. */
  private readonly query: Query<Anomalies> | undefined;

  constructor({ api, queries, session }: Pick<App, 'api' | 'queries' | 'session'>, deployment: string) {
    this.deployment = deployment;
    this.query = session.can('watch:read')
      ? queries.get('anomalies of containers', (signal) =>
          api.get<Anomalies>('/anomalies', { detector: 'container', each: 'thing', limit: judgedMax }, signal),
        )
      : undefined;
  }

  private readonly all: readonly Anomaly[] = $derived.by(() =>
    (this.query?.data?.items ?? []).filter(
      ({ labels, score, alert }) =>
        labels['deployment'] === this.deployment && (alert?.raised === true || (score ?? 0) >= unusualScore),
    ),
  );
  /** The most telling first. */
  readonly shown = $derived.by(() =>
    this.all.slice(0, shownMax).map((anomaly) => ({
      ...{ anomaly, name: entityName(anomaly.labels), href: anomalyHref(anomaly), sentence: sentenceOf(anomaly) },
    })),
  );
  readonly more = $derived.by(() => this.all.length - this.shown.length);

  follow(running: () => boolean): Stop {
    return this.query?.follow(refreshSeconds, running) ?? (() => undefined);
  }
}
