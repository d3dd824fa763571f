// Brings engine and HAProxy back to what is recorded, at the start and every so often, and says what it had to repair.
import { converge, ensureNetwork } from '../deployments/converge.ts';
import { ownLabels } from '../deployments/names.ts';
import { allRoutes, type RolloutPorts, StepFailed, specOf } from '../deployments/rollout.ts';
import type { IngressReading, IngressRoute } from '../ingress/port.ts';
import type { RepairActs } from './acts.ts';
import { type Plan, plan, type Recorded } from './plan.ts';

export type Repairs =
  | { kind: 'looked'; repaired: string[]; problems: string[] }
  /** Nothing was compared, so nothing is known: the reason is a sentence. */
  | { kind: 'unknown'; reason: string };

export interface ReconcilePorts extends RolloutPorts {
  acts: RepairActs;
}

interface Told {
  repaired: string[];
  problems: string[];
}

export async function reconcile(ports: ReconcilePorts): Promise<Repairs> {
  const { engine, unixSeconds } = ports;
  const services = await engine.services.list({ label: [ownLabels.deployment] });
  const recorded = recordedNow(ports);
  if (!services.ok) {
    const none = recorded.length === 0 && services.failure.kind === 'no-swarm';
    return none
      ? { kind: 'looked', repaired: [], problems: [] }
      : { kind: 'unknown', reason: services.failure.message };
  }
  const found = plan(recorded, services.value, unixSeconds());
  const told: Told = { repaired: [], problems: [] };
  for (const name of found.strange)
    told.problems.push(`${name} is of a deployment that is not recorded; it is left as it is.`);
  if (recorded.length === 0 && found.strange.length > 0) {
    told.problems.push('Nothing is recorded while deployments run: HAProxy is left as it is; bring the database back.');
    return { kind: 'looked', ...told };
  }
  await keepServices(ports, found, told);
  const routed = await keepRoutes(ports, told);
  // A service goes only after HAProxy has let go of it.
  if (routed) await removeServices(ports, services.value, found.remove, told);
  return { kind: 'looked', ...told };
}

function recordedNow({ deployments, operations }: ReconcilePorts): Recorded[] {
  return deployments.list().map((deployment) => ({
    deployment,
    revisions: deployments.revisions(deployment.name),
    busy: operations.running(deployment.name) !== undefined,
  }));
}

async function keepServices(ports: ReconcilePorts, { keep }: Plan, { repaired, problems }: Told): Promise<void> {
  const { acts, operations } = ports;
  const networks = new Set(keep.map(({ deployment }) => deployment.environment));
  for (const environment of networks) {
    const network = await ensureNetwork(ports.engine, environment);
    if (!network.ok) problems.push(`The network of environment ${environment}: ${network.failure.message}`);
  }
  for (const { deployment, wanted } of keep) {
    const { service, replicas, revision } = wanted;
    // An operation may have begun since the plan was made, and may begin while this is at it: what it wants comes before what was planned.
    const isFree = () => operations.running(deployment.name) === undefined;
    if (!isFree()) continue;
    const subject = `service/${service}`;
    const leave = async () => {
      const { environment } = deployment;
      await acts.open({ action: 'reconcile:service', subject, environment, detail: { replicas } });
      return isFree();
    };
    try {
      const spec = await specOf(ports, deployment, revision, replicas);
      const done = await converge(ports, spec, ports.credentials(revision.pinned), leave);
      if (done.kind === 'failed') problems.push(`${service}: ${done.failure.message}`);
      else await acts.close(subject, `${service} was ${done.kind}`);
      if (done.kind === 'created' || done.kind === 'updated') repaired.push(`${service} was ${done.kind}`);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      problems.push(`${service}: ${error.message}`);
    }
  }
}

/** Whether HAProxy has what it should have now. */
async function keepRoutes(ports: ReconcilePorts, { repaired, problems }: Told): Promise<boolean> {
  const { acts, ingress } = ports;
  const subject = 'ingress';
  const reading = await ingress.read();
  if (agrees(allRoutes(ports), reading)) return true;
  // Where nothing is routed and nothing answers there is nothing to repair: it is only looked whether that is still so.
  if (allRoutes(ports).length > 0 || reading.kind === 'serving')
    await acts.open({ action: 'reconcile:ingress', subject, detail: {} });
  // Taken anew in the moment in which they are handed over: what an operation has recorded meanwhile must not be undone.
  const routes = allRoutes(ports);
  const applied = await ingress.apply(routes);
  if (applied.kind === 'applied') repaired.push('HAProxy was told anew');
  if (applied.kind === 'refused' || applied.kind === 'failed') problems.push(`HAProxy: ${applied.reason}`);
  else await acts.close(subject, applied.kind === 'applied' ? 'told anew and read back' : applied.reason);
  return applied.kind === 'applied' || applied.kind === 'idle';
}

/** Hosts, where each deployment's requests go, and the backends, as HAProxy says they are. */
function agrees(routes: readonly IngressRoute[], reading: IngressReading): boolean {
  if (reading.kind !== 'serving') return false;
  const names = (of: readonly { deployment: string; revision: string }[]) =>
    JSON.stringify(of.map(({ deployment, revision }) => `${deployment} ${revision}`).sort());
  const wanted = routes.flatMap(({ deployment, revisions }) =>
    revisions.map(({ revision }) => ({ deployment, revision })),
  );
  const hosts = routes.flatMap((route) => route.hosts.map((host) => [host, route.deployment] as const));
  const pointings = new Map(reading.pointings.map((one) => [one.deployment, one]));
  return (
    reading.current &&
    names(wanted) === names(reading.backends) &&
    hosts.length === reading.hosts.size &&
    hosts.every(([host, deployment]) => reading.hosts.get(host) === deployment) &&
    [...pointings.keys()].every((name) => routes.some(({ deployment }) => deployment === name)) &&
    routes.every(({ deployment, stable, canary }) => {
      const shown = pointings.get(deployment);
      const share = canary?.share ?? 0;
      return shown?.stable === stable && shown?.canary === canary?.revision && (shown?.share ?? 0) === share;
    })
  );
}

/** Looked at once more before each: an operation may want by now what nothing wanted when the plan was made. */
async function removeServices(
  ports: ReconcilePorts,
  services: Parameters<typeof plan>[1],
  names: readonly string[],
  { repaired, problems }: Told,
): Promise<void> {
  const { engine, acts, unixSeconds } = ports;
  for (const name of names) {
    const subject = `service/${name}`;
    await acts.open({ action: 'reconcile:remove', subject, detail: {} });
    if (!plan(recordedNow(ports), services, unixSeconds()).remove.includes(name)) continue;
    const removed = await engine.services.remove(name);
    if (removed.ok) repaired.push(`${name} was removed`);
    if (removed.ok || removed.failure.kind === 'missing') await acts.close(subject, 'removed');
    else problems.push(`${name}: ${removed.failure.message}`);
  }
}
