// Deployments of an environment: what state each is in and why, and whether requests reach them at all.
import type { z } from 'zod';
import type { DeploymentState, DeploymentView } from '../../../core/contracts/deployments.ts';
import type { ingressView } from '../../../core/contracts/ingress.ts';
import type { Anomaly } from '../values/anomaly-words.ts';
import type { Meaning } from '../values/meaning.ts';
import type { App } from './app.svelte.ts';
import { EngineGate } from './engine.svelte.ts';
import { JudgedContainers } from './judged-containers.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

type Ingress = z.infer<typeof ingressView>;
type Ground = Pick<App, 'api' | 'queries' | 'router' | 'attempt' | 'danger' | 'session'>;

export interface DeploymentRow extends DeploymentView {
  /** The most telling series of its replicas; undefined where the detector speaks of none. */
  anomaly: Anomaly | undefined;
}

const columns: readonly Column<DeploymentRow>[] = [
  { key: 'name', title: 'Deployment', value: ({ name }) => name },
  { key: 'state', title: 'State', value: ({ state }) => order.indexOf(state), narrow: 'state' },
  { key: 'unusual', title: 'Unusual', value: ({ anomaly }) => anomaly?.score, narrow: 'state' },
  { key: 'replicas', title: 'Replicas', value: sayReplicas },
  { key: 'revision', title: 'Revision', value: ({ stable, newest }) => stable ?? newest },
  { key: 'image', title: 'Image', value: ({ image }) => image, wide: true, mono: true },
  { key: 'hosts', title: 'Answers for', value: ({ hosts }) => hosts.join(' '), wide: true },
  { key: 'why', title: 'Why', value: ({ reason }) => reason, hidden: true, narrow: 'words' },
];

/** As they weigh: what needs somebody first. */
const order: readonly DeploymentState[] = [
  ...(['failed', 'degraded', 'unknown', 'starting', 'scheduling', 'stopped', 'running'] as const),
];

export class DeploymentsPage {
  readonly environment: string;
  readonly query: Query<{ items: readonly DeploymentView[] }>;
  readonly ingress: Query<Ingress>;
  readonly engine: EngineGate;
  readonly table: TableState<DeploymentRow>;
  private readonly judged: JudgedContainers;

  constructor(app: Ground, environment: string) {
    this.environment = environment;
    const path = `/environments/${environment}/deployments`;
    this.query = app.queries.get(`deployments ${environment}`, (signal) => app.api.get(path, {}, signal));
    this.ingress = app.queries.get('ingress', (signal) => app.api.get<Ingress>('/ingress', {}, signal));
    this.engine = new EngineGate(app);
    this.judged = new JudgedContainers(app);
    this.table = new TableState({
      columns: this.judged.may ? columns : columns.filter(({ key }) => key !== 'unusual'),
      ...{ router: app.router, sort: 'state' },
      rows: () => this.rows,
      id: ({ name }) => name,
    });
  }

  readonly rows: readonly DeploymentRow[] = $derived.by(() =>
    (this.query.data?.items ?? []).map((one) => ({ ...one, anomaly: this.judged.ofDeployment(one.name) })),
  );

  readonly sentence = $derived.by(() => {
    if (this.query.data === undefined) return undefined;
    const { rows } = this;
    if (rows.length === 0) return 'Nothing is deployed here.';
    const well = rows.filter(({ state }) => state === 'running').length;
    const ill = rows.filter(({ state }) => state === 'failed' || state === 'degraded');
    const all = `${well} of ${rows.length} ${rows.length === 1 ? 'deployment runs' : 'deployments run'} as asked`;
    if (ill.length === 0) return `${all}.`;
    const named = ill
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ');
    return `${all}; ${named}${ill.length > 3 ? ` and ${ill.length - 3} more` : ''} ${ill.length === 1 ? 'is' : 'are'} not well.`;
  });

  /** Why no request gets through, while something here waits for requests; undefined where they do or nobody knows. */
  readonly ingressTrouble = $derived.by(() => {
    const { data } = this.ingress;
    if (data === undefined || data.state !== 'down' || !this.rows.some(({ hosts }) => hosts.length > 0))
      return undefined;
    return data.reason ?? 'HAProxy does not answer.';
  });

  follow(running: () => boolean): Stop {
    const stops = [
      this.query.follow(5, running),
      this.ingress.follow(15, running),
      this.engine.query.follow(15, running),
      this.judged.follow(running),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

export function meaningOfDeployment(state: DeploymentState): Meaning {
  if (state === 'failed') return 'critical';
  if (state === 'degraded') return 'warning';
  if (state === 'running') return 'ok';
  return state === 'starting' || state === 'scheduling' ? 'notice' : 'unknown';
}

/** "2 of 3"; what the engine cannot be asked is said to be unknown. */
export function sayReplicas({ replicas: { running, wanted } }: Pick<DeploymentView, 'replicas'>): string {
  return running === null ? `? of ${wanted}` : `${running} of ${wanted}`;
}
