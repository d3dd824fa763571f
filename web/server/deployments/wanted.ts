// What the engine and the ingress should have of a deployment, from what is recorded alone.
import type { IngressRoute, RoutedRevision } from '../ingress/port.ts';
import { networkOf, revisionOf } from './names.ts';
import type { OperationRecord } from './operations.ts';
import type { Deployment, Revision } from './store.ts';

export interface WantedService {
  service: string;
  revision: Revision;
  replicas: number;
}

/** Requests that a replica is at are let end before it is stopped. */
const drainSeconds = 10;

/**
 * The stable revision at full strength; the one before it as strong until its requests have ended, then one replica for as long as it is
 * kept warm. Whatever else is kept has no service: it is started again when somebody goes back to it.
 * `candidate` is the revision that an operation is bringing up.
 */
export function wantedServices(
  deployment: Deployment,
  revisions: readonly Revision[],
  now: number,
  candidate?: number,
): WantedService[] {
  if (deployment.removing) return [];
  const full = deployment.stopped ? 0 : deployment.settings.replicas;
  const wanted: WantedService[] = [];
  for (const revision of revisions) {
    if (revision.pinned === '' || revision.pruned) continue;
    const { number, service, warmUntil } = revision;
    if (number === deployment.stable || number === candidate) wanted.push({ service, revision, replicas: full });
    else if (warmUntil > now && !deployment.stopped && full > 0) {
      const draining = warmUntil - now > deployment.settings.warmSeconds - drainSeconds;
      wanted.push({ service, revision, replicas: draining ? full : 1 });
    }
  }
  return oneEach(wanted, candidate ?? deployment.stable);
}

/** The revision that a running operation is bringing up; one that has failed already is none. */
export function candidateOf(
  running: Pick<OperationRecord, 'kind' | 'revision'> | undefined,
  revisions: readonly Revision[],
): number | undefined {
  if (running?.revision === undefined || !['deploy', 'update', 'rollback'].includes(running.kind)) return undefined;
  const { result } = revisions.find(({ number }) => number === running.revision) ?? {};
  return result === 'pending' || running.kind === 'rollback' ? running.revision : undefined;
}

/** Revisions with a volume share one service: the one that is meant to run has it. */
function oneEach(wanted: readonly WantedService[], main: number | undefined): WantedService[] {
  return wanted.filter(
    (one) =>
      one.revision.number === main ||
      !wanted.some((other) => other !== one && other.service === one.service && isBefore(other, one, main)),
  );
}

function isBefore(other: WantedService, one: WantedService, main: number | undefined): boolean {
  return other.revision.number === main || other.revision.number > one.revision.number;
}

/** Until when a revision that is no longer stable is kept warm. */
export function warmUntil(deployment: Deployment, now: number): number {
  return now + Math.max(deployment.settings.warmSeconds, drainSeconds);
}

/** When the requests have ended that a revision is at now. */
export function drainedAt(now: number): number {
  return now + drainSeconds;
}

/** A route for each deployment whose application listens on a port; undefined for one that does not. */
export function wantedRoute(
  deployment: Deployment,
  revisions: readonly Revision[],
  now: number,
  candidate?: number,
): IngressRoute | undefined {
  const services = wantedServices(deployment, revisions, now, candidate);
  const main = revisions.find(({ number }) => number === (candidate ?? deployment.stable));
  if (main?.spec.port === undefined || deployment.removing) return undefined;
  return {
    environment: deployment.environment,
    network: networkOf(deployment.environment),
    deployment: deployment.name,
    hosts: deployment.settings.hosts,
    port: main.spec.port,
    healthPath: main.spec.healthPath,
    sticky: deployment.settings.sticky,
    stable: deployment.stable === undefined ? undefined : revisionOf(deployment.stable),
    canary: undefined,
    replicas: deployment.stopped ? 0 : deployment.settings.replicas,
    revisions: backendsOf(deployment, revisions, services, candidate),
  };
}

/** One service can answer for two revisions for a moment: while a volume's only replica is replaced. */
function backendsOf(
  { stable, settings }: Deployment,
  revisions: readonly Revision[],
  services: readonly WantedService[],
  candidate: number | undefined,
): RoutedRevision[] {
  const numbers = new Set([
    ...services.map(({ revision }) => revision.number),
    ...[stable, candidate].filter((number) => number !== undefined),
  ]);
  return revisions
    .flatMap(({ number, service, spec: { port, healthPath } }) => {
      if (!numbers.has(number) || port === undefined) return [];
      const listens = { port, healthPath };
      return [{ revision: revisionOf(number), service, replicasMax: placesFor(settings.replicas), listens }];
    })
    .sort((a, b) => a.revision.localeCompare(b.revision));
}

/** Room to grow without a reload, in steps, so that scaling seldom changes the configuration. */
export function placesFor(replicas: number): number {
  let places = 8;
  while (places < replicas * 2 && places < 250) places *= 2;
  return Math.min(places, 250);
}

/** Revisions that are to be forgotten: beyond the count, oldest first; never one that runs or is warm, nor the one before the stable. */
export function prunable(deployment: Deployment, revisions: readonly Revision[], now: number): Revision[] {
  const kept = revisions.filter(({ pruned, pinned }) => !pruned && pinned !== '');
  const good = kept.filter(({ result }) => result === 'done').sort((a, b) => b.number - a.number);
  const keep = new Set(good.slice(0, deployment.settings.keepRevisions).map(({ number }) => number));
  const isNeeded = ({ number, warmUntil: warm, result }: Revision) =>
    number === deployment.stable || number === deployment.previous || warm > now || result === 'pending';
  return kept.filter((one) => !isNeeded(one) && !keep.has(one.number));
}
