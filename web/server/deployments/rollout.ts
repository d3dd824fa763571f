// Brings a revision up beside the one that serves, gives it the requests when it is healthy, and takes it away again when it is not.
import type { RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import type { SecretReference, ServiceSpec } from '../engine/objects.ts';
import type { RegistryAuth } from '../engine/port.ts';
import { isImageId } from '../images/reference.ts';
import type { PullProgress, Resolved } from '../images/resolve.ts';
import type { IngressPort, IngressRoute } from '../ingress/port.ts';
import { type ConvergePorts, converge, ensureNetwork, failedTasks, untilHealthy } from './converge.ts';
import { revisionOf } from './names.ts';
import type { NewStep, OperationStore } from './operations.ts';
import { readBack } from './read-back.ts';
import { toServiceSpec } from './service-spec.ts';
import { specHash } from './spec-hash.ts';
import type { Deployment, DeploymentStore, Revision } from './store.ts';
import { candidateOf, drainedAt, wantedRoute, warmUntil } from './wanted.ts';

/** The present versions of the secrets that a deployment uses, or why it may not have them. */
type SecretAnswer = { kind: 'references'; references: SecretReference[] } | { kind: 'refused'; reason: string };

export interface RolloutPorts extends ConvergePorts {
  deployments: DeploymentStore;
  operations: OperationStore;
  ingress: IngressPort;
  unixSeconds(): number;
  sha256(data: Uint8Array): Uint8Array;
  resolveImage(reference: string, tell: (progress: PullProgress) => void, signal: AbortSignal): Promise<Resolved>;
  /** For tasks on other nodes, which pull for themselves. */
  credentials(pinned: string): RegistryAuth | undefined;
  secrets(environment: string, deployment: string, uses: RevisionSpec['secrets']): Promise<SecretAnswer>;
  /** The node that all of these volumes lie on; makes them where they are missing. */
  volumeNode(
    environment: string,
    volumes: RevisionSpec['volumes'],
  ): Promise<{ kind: 'node'; node: string } | { kind: 'refused'; reason: string }>;
  /** The node whose engine is asked: what was built here lies there and nowhere else. */
  localNode(): Promise<{ kind: 'node'; node: string } | { kind: 'refused'; reason: string }>;
  /** The deployment is gone: what was attached to it by its name is let go. */
  forget(environment: string, deployment: string): void;
  /** Networks beside the environment's own that the deployment is attached to, by the engine's names. */
  networks(environment: string, deployment: string): readonly string[];
}

/** One operation at work: what it is about and how it tells its steps. */
export interface Work {
  deployment: string;
  note(step: NewStep): void;
  signal: AbortSignal;
}

/** Ends an operation: a step failed for a reason that people can read. */
export class StepFailed extends Error {}

/** Notes what is intended, does it, notes what came of it. */
export async function step<T>(work: Work, name: string, intention: string, act: () => Promise<T>): Promise<T> {
  if (work.signal.aborted) throw new StepFailed('The control plane is stopping.');
  work.note({ kind: 'intended', step: name, text: intention });
  return act();
}

/** Everything up to the moment when the revision is healthy and HAProxy reaches it; the one that serves is not touched. */
export async function bringUp(ports: RolloutPorts, work: Work, number: number): Promise<void> {
  const pinned = await pin(ports, work, number);
  const deployment = here(ports, work);
  const spec = await specOf(ports, deployment, pinned, deployment.stopped ? 0 : deployment.settings.replicas);
  await step(work, 'network', 'The environment’s network is looked up, and made where it is missing.', async () => {
    const network = await ensureNetwork(ports.engine, deployment.environment);
    if (!network.ok) throw new StepFailed(`The environment’s network cannot be made: ${network.failure.message}`);
  });
  const { rollout } = pinned.spec;
  await applyHealthy(ports, work, spec, rollout);
  await reach(ports, work, number);
}

/** The revision with its image resolved; resolved once, so that it stays what it is. */
async function pin(ports: RolloutPorts, work: Work, number: number): Promise<Revision> {
  const revision = ports.deployments.revision(work.deployment, number)!;
  if (revision.pinned !== '') return revision;
  const { image } = revision.spec;
  const resolved = await step(work, 'image', `${image} is resolved.`, () =>
    ports.resolveImage(image, telling(work), work.signal),
  );
  if (resolved.kind === 'failed') throw new StepFailed(resolved.reason);
  ports.deployments.pin(
    work.deployment,
    number,
    resolved.pinned,
    specHash(ports.sha256, revision.spec, resolved.pinned),
  );
  work.note({ kind: 'done', step: 'image', text: `It is ${resolved.pinned}.` });
  if (resolved.warning !== undefined) work.note({ kind: 'progress', step: 'image', text: resolved.warning });
  return ports.deployments.revision(work.deployment, number)!;
}

/** How far a pull is, as steps of the operation that waits for it. */
function telling(work: Work): (progress: PullProgress) => void {
  return ({ text, current, total }) =>
    work.note({ kind: 'progress', step: 'image', text, ...(total > 0 && { progress: { current, total } }) });
}

/** The service of a revision as it should be at this moment. */
export async function specOf(
  ports: RolloutPorts,
  deployment: Deployment,
  revision: Revision,
  replicas: number,
): Promise<ServiceSpec> {
  const { environment, name } = deployment;
  const secrets = await ports.secrets(environment, name, revision.spec.secrets);
  if (secrets.kind === 'refused') throw new StepFailed(secrets.reason);
  const node = await onlyNode(ports, environment, revision);
  return toServiceSpec({
    ...{ environment, deployment: name, service: revision.service, revision: revisionOf(revision.number) },
    ...{ pinned: revision.pinned, spec: revision.spec, specHash: revision.specHash, replicas },
    ...{ secrets: secrets.references, node, forceUpdate: deployment.restarts },
    networks: ports.networks(environment, name),
  });
}

/**
 * Where its volumes lie, and where its image does when it was built on this host and has no name in a registry that other nodes could pull.
 * Whoever names an image by its id says that it was loaded on every node that may run it.
 */
async function onlyNode(
  ports: RolloutPorts,
  environment: string,
  { spec, pinned }: Revision,
): Promise<string | undefined> {
  const volume = spec.volumes.length === 0 ? undefined : await ports.volumeNode(environment, spec.volumes);
  if (volume?.kind === 'refused') throw new StepFailed(volume.reason);
  if (!isImageId(pinned) || isImageId(spec.image)) return volume?.node;
  const image = await ports.localNode();
  if (image.kind === 'refused') throw new StepFailed(image.reason);
  if (volume !== undefined && volume.node !== image.node)
    throw new StepFailed(
      `${spec.image} was built on this host alone, and its volumes lie on another node: push it to a registry and deploy it from there.`,
    );
  return image.node;
}

export async function apply(ports: RolloutPorts, work: Work, spec: ServiceSpec): Promise<void> {
  const { Replicas } = spec.Mode.Replicated;
  const done = await step(work, 'service', `${spec.Name} shall run with ${Replicas} replicas.`, () =>
    converge(ports, spec, ports.credentials(spec.TaskTemplate.ContainerSpec.Image)),
  );
  if (done.kind === 'failed') throw new StepFailed(`The engine does not take ${spec.Name}: ${done.failure.message}`);
  const words = { created: 'was made', updated: 'was changed', same: 'was so already', left: 'was left as it is' };
  work.note({ kind: 'done', step: 'service', text: `${spec.Name} ${words[done.kind]}.` });
}

/** Resolves when all its replicas are healthy. What had failed before, perhaps weeks ago, is no failure of this change. */
export async function applyHealthy(
  ports: RolloutPorts,
  work: Work,
  spec: ServiceSpec,
  { monitorSeconds, deadlineSeconds }: Pick<RevisionSpec['rollout'], 'monitorSeconds' | 'deadlineSeconds'>,
): Promise<void> {
  const ignored = await failedTasks(ports.engine, spec.Name);
  await apply(ports, work, spec);
  const replicas = spec.Mode.Replicated.Replicas;
  const waited = await step(work, 'health', `Until ${replicas} replicas of ${spec.Name} are healthy.`, () =>
    untilHealthy(ports, {
      ...{ spec, replicas, monitorSeconds, deadlineSeconds, ignored, signal: work.signal },
      tell: (text) => work.note({ kind: 'progress', step: 'health', text }),
    }),
  );
  if (waited.kind === 'failed') throw new StepFailed(waited.reason);
  work.note({ kind: 'done', step: 'health', text: `${waited.reading.running} replicas are healthy.` });
}

const reachSeconds = 20;

/** HAProxy gets a backend for the revision and finds its servers; requests still go where they went. */
export async function reach(ports: RolloutPorts, work: Work, number: number): Promise<void> {
  const { deployments, ingress } = ports;
  const deployment = here(ports, work);
  const route = wantedRoute(deployment, deployments.revisions(work.deployment), ports.unixSeconds(), number);
  if (route === undefined) return;
  const revision = revisionOf(number);
  await step(work, 'ingress', `HAProxy gets a way to ${revision}.`, async () => {
    const missing =
      deployment.settings.hosts.length === 0 ? undefined : await ingress.prepare(telling(work), work.signal);
    if (missing !== undefined) return unreachable(work, deployment, missing);
    const applied = await ingress.apply(allRoutes(ports));
    if (applied.kind === 'idle') return unreachable(work, deployment, 'There is no HAProxy.');
    if (applied.kind !== 'applied') return unreachable(work, deployment, applied.reason);
    if (deployment.stopped || deployment.settings.replicas === 0) return;
    const { replicas } = deployment.settings;
    const backend = await ingress.untilUp(deployment.name, revision, replicas, reachSeconds);
    if (backend === undefined)
      return unreachable(
        work,
        deployment,
        `HAProxy does not reach ${replicas} replicas of ${revision} within ${reachSeconds} s.`,
      );
    work.note({ kind: 'done', step: 'ingress', text: `HAProxy reaches ${backend.serversUp} replicas of ${revision}.` });
  });
}

/** Where people's requests come in that way it is a failure; a deployment without hosts runs on without it. */
function unreachable(work: Work, { settings }: Deployment, reason: string): void {
  if (settings.hosts.length > 0) throw new StepFailed(reason);
  work.note({ kind: 'failed', step: 'ingress', text: `${reason} It has no hosts, so this stops nothing.` });
}

/** Of all deployments, since HAProxy has one configuration; revisions that are being brought up have a way already. */
export function allRoutes({ deployments, operations, unixSeconds }: RoutePorts): IngressRoute[] {
  return deployments.list().flatMap((one) => {
    const revisions = deployments.revisions(one.name);
    const candidate = candidateOf(operations.running(one.name), revisions);
    return wantedRoute(one, revisions, unixSeconds(), candidate) ?? [];
  });
}

export type RoutePorts = Pick<RolloutPorts, 'deployments' | 'operations' | 'unixSeconds'>;

/** Recorded first, then a map write: from then on requests go there. */
export async function point(ports: RolloutPorts, work: Work, number: number): Promise<void> {
  const { deployments, ingress } = ports;
  const before = here(ports, work);
  const revision = revisionOf(number);
  await step(work, 'switch', `Requests shall go to ${revision}.`, async () => {
    if (before.stable !== number) {
      deployments.setStable(work.deployment, number, before.stable);
      deployments.keepWarm(work.deployment, number, 0);
      if (before.stable !== undefined)
        deployments.keepWarm(work.deployment, before.stable, warmUntil(before, ports.unixSeconds()));
      letGo(ports, work, [number, before.stable]);
    }
    if (deployments.revision(work.deployment, number)!.spec.port === undefined) return;
    const pointed = await ingress.setStable(work.deployment, revision);
    if (pointed.kind === 'failed')
      unreachable(work, before, `HAProxy does not send requests to ${revision}: ${pointed.reason}`);
    else work.note({ kind: 'done', step: 'switch', text: `Requests go to ${pointed.pointing.stable ?? 'nothing'}.` });
  });
}

/** Only the one before is kept warm: of twenty updates in an hour each would else go on running, and HAProxy takes so many at most. */
function letGo({ deployments, unixSeconds }: RolloutPorts, work: Work, kept: readonly (number | undefined)[]): void {
  const latest = drainedAt(unixSeconds());
  for (const { number, warmUntil: until } of deployments.revisions(work.deployment))
    if (!kept.includes(number) && until > latest) deployments.keepWarm(work.deployment, number, latest);
}

const agreeSeconds = 15;

/** What is read back of the engine and of HAProxy; a step that fails when they do not come to agree with what is recorded. */
export async function confirm(ports: RolloutPorts, work: Work): Promise<string> {
  return step(work, 'read-back', 'What runs and what HAProxy does is read back.', async () => {
    const began = ports.monotonicSeconds();
    for (;;) {
      const said = await readBack(ports, here(ports, work));
      if (said.kind === 'agrees') {
        work.note({ kind: 'done', step: 'read-back', text: said.text });
        return said.text;
      }
      if (work.signal.aborted || ports.monotonicSeconds() - began > agreeSeconds) throw new StepFailed(said.text);
      await ports.sleep(0.3, work.signal);
    }
  });
}

/** Takes a revision away that did not get healthy; the one that serves was not touched, or gets its volume back. */
export async function takeAway(ports: RolloutPorts, work: Work, number: number): Promise<void> {
  const { deployments } = ports;
  const failed = deployments.revision(work.deployment, number)!;
  const deployment = here(ports, work);
  const stable = deployment.stable === undefined ? undefined : deployments.revision(work.deployment, deployment.stable);
  await ports.ingress.apply(allRoutes(ports));
  if (stable !== undefined && stable.service === failed.service) {
    const spec = await specOf(ports, deployment, stable, deployment.stopped ? 0 : deployment.settings.replicas);
    await applyHealthy(ports, work, spec, { ...stable.spec.rollout, monitorSeconds: 1 });
  } else await orderRemoval(ports, work, failed.service);
}

/** What is left of its tasks ends in the engine's own time. */
export async function orderRemoval(ports: RolloutPorts, work: Work, service: string): Promise<void> {
  await step(work, 'remove', `${service} is removed.`, async () => {
    const removed = await ports.engine.services.remove(service);
    if (!removed.ok && removed.failure.kind !== 'missing')
      throw new StepFailed(`${service} cannot be removed: ${removed.failure.message}`);
  });
}

function here({ deployments }: RolloutPorts, { deployment }: Work): Deployment {
  const found = deployments.find(deployment);
  if (found === undefined) throw new StepFailed(`The deployment ${deployment} is gone.`);
  return found;
}
