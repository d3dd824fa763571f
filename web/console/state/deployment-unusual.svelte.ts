// What is unusual about a deployment's replicas now: said where somebody decides whether to go back.
import { type Anomaly, anomalyHref, entityName, sentenceOf } from '../values/anomaly-words.ts';
import type { App } from './app.svelte.ts';
import { JudgedContainers } from './judged-containers.svelte.ts';
import type { Stop } from './ports.ts';

/** 1 in 100: what is more common is nobody's business. */
const unusualScore = 99;
const shownMax = 3;

export class UnusualReplicas {
  private readonly deployment: string;
  private readonly judged: JudgedContainers;

  constructor(app: Pick<App, 'api' | 'queries' | 'session'>, deployment: string) {
    this.deployment = deployment;
    this.judged = new JudgedContainers(app);
  }

  private readonly all: readonly Anomaly[] = $derived.by(() =>
    this.judged.all.filter(
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
  /** That nothing is listed says nothing while this is said. */
  readonly unjudged = $derived.by(() => this.judged.unjudged(this.deployment));
  readonly more = $derived.by(() => this.all.length - this.shown.length);

  follow(running: () => boolean): Stop {
    return this.judged.follow(running);
  }
}
