// Where one gets from labels to the thing itself: its container, its log, its deployment, as far as they are there and may be opened.
import type { Container } from '../../../core/contracts/containers.ts';
import { isTaskOf } from '../values/engine-names.ts';
import type { App } from './app.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'session'>;
type Labels = Readonly<Record<string, string>>;

export interface Lead {
  title: string;
  href: string;
}

const listedSeconds = 30;

export class Leads {
  private readonly labels: () => Labels;
  private readonly session: App['session'];
  /** Of this host's engine; undefined where the person may not see containers. */
  private readonly query: Query<{ items: readonly Container[] }> | undefined;

  constructor({ api, queries, session }: Ground, labels: () => Labels) {
    this.labels = labels;
    this.session = session;
    this.query = session.can('container:read')
      ? queries.get('containers', (signal) => api.get<{ items: Container[] }>('/containers', {}, signal))
      : undefined;
  }

  readonly all: readonly Lead[] = $derived.by(() => {
    const { name = '', deployment } = this.labels();
    const containers = this.query?.data?.items ?? [];
    const found = newest(containers.filter((one) => isTaskOf(one.name, name)));
    const owned = found ?? newest(containers.filter((one) => one.deployment !== null && one.deployment === deployment));
    const leads: Lead[] = [];
    if (found !== undefined) leads.push({ title: 'Container', href: `/containers/${found.id}` });
    if (found !== undefined && this.session.can('container:log'))
      leads.push({ title: 'Log', href: `/containers/${found.id}?tab=log` });
    const whole = owned === undefined ? undefined : deploymentHref(owned, this.session);
    if (whole !== undefined) leads.push({ title: `Deployment ${owned?.deployment}`, href: whole });
    return leads;
  });

  follow(running: () => boolean): Stop {
    return this.query?.follow(listedSeconds, running) ?? (() => undefined);
  }
}

/** The deployment that keeps a container; undefined where none does, or where the person may not look at it. */
export function deploymentHref(
  { deployment, environment }: Pick<Container, 'deployment' | 'environment'>,
  session: Pick<App['session'], 'can'>,
): string | undefined {
  if (deployment === null || environment === null || !session.can('deployment:read', environment)) return undefined;
  return `/deployments/${encodeURIComponent(deployment)}?env=${encodeURIComponent(environment)}`;
}

/** Of several tasks in one slot, the one that runs; else the last that did. */
function newest(containers: readonly Container[]): Container | undefined {
  const rank = ({ state, created }: Container) => (state === 'running' ? 1e12 : 0) + created;
  return containers.toSorted((a, b) => rank(b) - rank(a))[0];
}
