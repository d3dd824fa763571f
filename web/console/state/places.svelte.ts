// What the palette can go to by name, read when it is opened: nobody has to have visited a page first.
import type { Container } from '../../../core/contracts/containers.ts';
import type { DeploymentView } from '../../../core/contracts/deployments.ts';
import { anomalyHref, entityName } from '../values/anomaly-words.ts';
import type { Overview } from '../values/health.ts';
import type { App } from './app.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'session' | 'environments' | 'know'> & { readonly now: number };

/** What was read less than this long ago is not asked for again. */
const freshSeconds = 30;

/** Reads what this person may see, each part by itself; one that does not come leaves the others. */
export async function learnPlaces(app: Ground): Promise<void> {
  await Promise.all([learnContainers(app), learnDeployments(app), learnMachines(app)]);
}

async function learnContainers(app: Ground): Promise<void> {
  if (!app.session.can('container:read')) return;
  const found = await read<{ items: readonly Container[] }>(app, 'containers', '/containers');
  if (found === undefined) return;
  app.know(
    'containers',
    found.items.map(({ id, name }) => ({ title: name, hint: 'container', href: `/containers/${id}` })),
  );
}

async function learnDeployments(app: Ground): Promise<void> {
  const { current } = app.environments;
  if (current === undefined || !app.session.can('deployment:read', current.id)) return;
  const path = `/environments/${current.id}/deployments`;
  const found = await read<{ items: readonly DeploymentView[] }>(app, `deployments ${current.id}`, path);
  if (found === undefined) return;
  app.know(
    'deployments',
    found.items.map(({ name }) => ({ title: name, hint: 'deployment', href: `/deployments/${name}` })),
  );
}

async function learnMachines(app: Ground): Promise<void> {
  if (!app.session.can('watch:read')) return;
  const found = await read<Overview>(app, 'overview', '/overview');
  if (found === undefined) return;
  const { nodes, gpus, anomalies } = found;
  app.know(
    'machines',
    known(nodes, ({ instance }) => ({ title: instance, hint: 'machine', href: '/nodes' })),
  );
  app.know(
    'gpus',
    known(gpus, ({ uuid }) => ({ title: uuid, hint: 'GPU', href: '/gpus' })),
  );
  app.know(
    'unusual',
    anomalies.items.map((one) => ({
      title: entityName(one.labels),
      hint: `${one.metric}, how unusual`,
      href: anomalyHref(one),
    })),
  );
}

function known<T, E>(section: { state: 'known'; items: readonly T[] } | { state: 'unknown' }, say: (one: T) => E): E[] {
  return section.state === 'known' ? section.items.map(say) : [];
}

async function read<T>(app: Ground, name: string, path: string): Promise<T | undefined> {
  const query = app.queries.get(name, (signal) => app.api.get<T>(path, {}, signal));
  if (query.at === undefined || app.now - query.at > freshSeconds) await query.refresh();
  return query.data;
}
