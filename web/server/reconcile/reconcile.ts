// Brings engine and HAProxy back to what is recorded, at the start and every so often, and says what it had to repair.
import { converge, ensureNetwork } from '../deployments/converge.ts';
import { ownLabels } from '../deployments/names.ts';
import { allRoutes, type RolloutPorts, StepFailed, specOf } from '../deployments/rollout.ts';
import type { IngressReading, IngressRoute } from '../ingress/port.ts';
import { type Plan, plan } from './plan.ts';

export type Repairs =
  | { kind: 'looked'; repaired: string[]; problems: string[] }
  /** Nothing was compared, so nothing is known: the reason is a sentence. */
  | { kind: 'unknown'; reason: string };

export async function reconcile(ports: RolloutPorts): Promise<Repairs> {
  const { deployments, operations, engine, unixSeconds } = ports;
  const recorded = deployments.list().map((deployment) => ({
    deployment,
    revisions: deployments.revisions(deployment.name),
    busy: operations.running(deployment.name) !== undefined,
  }));
  const services = await engine.services.list({ label: [ownLabels.deployment] });
  if (!services.ok) {
    const none = recorded.length === 0 && services.failure.kind === 'no-swarm';
    return none
      ? { kind: 'looked', repaired: [], problems: [] }
      : { kind: 'unknown', reason: services.failure.message };
  }
  const found = plan(recorded, services.value, unixSeconds());
  const [repaired, problems]: [string[], string[]] = [[], []];
  for (const name of found.strange)
    problems.push(`${name} is of a deployment that is not recorded; it is left as it is.`);
  await keepServices(ports, found, repaired, problems);
  const routed = await keepRoutes(ports, repaired, problems);
  // A service goes only after HAProxy has let go of it.
  if (routed) await removeServices(ports, found.remove, repaired, problems);
  return { kind: 'looked', repaired, problems };
}

async function keepServices(
  ports: RolloutPorts,
  { keep }: Plan,
  repaired: string[],
  problems: string[],
): Promise<void> {
  const networks = new Set(keep.map(({ deployment }) => deployment.environment));
  for (const environment of networks) {
    const network = await ensureNetwork(ports.engine, environment);
    if (!network.ok) problems.push(`The network of environment ${environment}: ${network.failure.message}`);
  }
  for (const { deployment, wanted } of keep) {
    // An operation may have begun since the plan was made.
    if (ports.operations.running(deployment.name) !== undefined) continue;
    try {
      const spec = await specOf(ports, deployment, wanted.revision, wanted.replicas);
      const done = await converge(ports, spec, ports.credentials(wanted.revision.pinned));
      if (done.kind === 'failed') problems.push(`${wanted.service}: ${done.failure.message}`);
      else if (done.kind !== 'same') repaired.push(`${wanted.service} was ${done.kind}`);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      problems.push(`${wanted.service}: ${error.message}`);
    }
  }
}

/** Whether HAProxy has what it should have now. */
async function keepRoutes(ports: RolloutPorts, repaired: string[], problems: string[]): Promise<boolean> {
  const routes = allRoutes(ports);
  const reading = await ports.ingress.read();
  if (agrees(routes, reading)) return true;
  const applied = await ports.ingress.apply(routes);
  if (applied.kind === 'applied') repaired.push('HAProxy was told anew');
  if (applied.kind === 'refused' || applied.kind === 'failed') problems.push(`HAProxy: ${applied.reason}`);
  return applied.kind === 'applied' || applied.kind === 'idle';
}

/** Hosts, the revision that each deployment's requests go to, and the backends, as HAProxy says they are. */
function agrees(routes: readonly IngressRoute[], reading: IngressReading): boolean {
  if (reading.kind !== 'serving') return false;
  const names = (of: readonly { deployment: string; revision: string }[]) =>
    JSON.stringify(of.map(({ deployment, revision }) => `${deployment} ${revision}`).sort());
  const wanted = routes.flatMap(({ deployment, revisions }) =>
    revisions.map(({ revision }) => ({ deployment, revision })),
  );
  const hosts = routes.flatMap((route) => route.hosts.map((host) => [host, route.deployment] as const));
  return (
    reading.current &&
    names(wanted) === names(reading.backends) &&
    hosts.length === reading.hosts.size &&
    hosts.every(([host, deployment]) => reading.hosts.get(host) === deployment) &&
    routes.every(
      ({ deployment, stable }) => reading.pointings.find((one) => one.deployment === deployment)?.stable === stable,
    )
  );
}

async function removeServices(
  { engine }: RolloutPorts,
  names: readonly string[],
  repaired: string[],
  problems: string[],
): Promise<void> {
  for (const name of names) {
    const removed = await engine.services.remove(name);
    if (removed.ok) repaired.push(`${name} was removed`);
    else if (removed.failure.kind !== 'missing') problems.push(`${name}: ${removed.failure.message}`);
  }
}
