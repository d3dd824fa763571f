// The operations, each as its steps. Every one may be begun again from its start after a crash: what is done already stays as it is.
import { untilEnded } from './converge.ts';
import { revisionOf } from './names.ts';
import type { OperationRecord } from './operations.ts';
import {
  allRoutes,
  apply,
  applyHealthy,
  bringUp,
  confirm,
  orderRemoval,
  point,
  type RolloutPorts,
  reach,
  StepFailed,
  specOf,
  step,
  takeAway,
  type Work,
} from './rollout.ts';
import type { Deployment, Revision } from './store.ts';
import { wantedServices } from './wanted.ts';

export interface Outcome {
  state: 'done' | 'rolled-back' | 'failed';
  /** What came of it, with what was read back. */
  text: string;
}

/** Rejects only with what nobody expects, and where the control plane is stopping. */
export async function operate(ports: RolloutPorts, work: Work, operation: OperationRecord): Promise<Outcome> {
  const given = givenUp(ports, operation);
  if (given !== undefined) return undo(ports, work, operation, given.reason);
  try {
    return { state: 'done', text: await perform(ports, work, operation) };
  } catch (error) {
    if (!(error instanceof StepFailed) || work.signal.aborted) throw error;
    work.note({ kind: 'failed', step: operation.kind, text: error.message });
    if (operation.kind === 'deploy' || operation.kind === 'update' || operation.kind === 'rollback')
      return undo(ports, work, operation, error.message);
    return { state: 'failed', text: error.message };
  }
}

/** A revision that was given up before a crash stays so: what is left is to take it away, not to try it once more. */
function givenUp({ deployments }: RolloutPorts, { deployment, kind, revision }: OperationRecord): Revision | undefined {
  if (kind !== 'deploy' && kind !== 'update') return undefined;
  const made = revision === undefined ? undefined : deployments.revision(deployment, revision);
  return made?.result === 'failed' || made?.result === 'rolled-back' ? made : undefined;
}

function perform(ports: RolloutPorts, work: Work, { kind, revision, started }: OperationRecord): Promise<string> {
  switch (kind) {
    case 'deploy':
    case 'update':
      return rollForward(ports, work, revision!, started);
    case 'rollback':
      return goBack(ports, work, revision!);
    case 'scale':
    case 'restart':
    case 'start':
      return settle(ports, work);
    case 'stop':
      return stop(ports, work);
    case 'remove':
      return remove(ports, work);
    case 'prune':
      throw new StepFailed('Pruning is no operation of one deployment.');
  }
}

async function rollForward(ports: RolloutPorts, work: Work, number: number, started: number): Promise<string> {
  await bringUp(ports, work, number);
  await point(ports, work, number);
  const text = await confirm(ports, work);
  const seconds = ports.unixSeconds() - started;
  ports.deployments.finish(work.deployment, number, { result: 'done', reason: '', seconds });
  return text;
}

/** To a revision that HAProxy reaches it is a map write, and its strength follows; else it is brought up first. */
async function goBack(ports: RolloutPorts, work: Work, number: number): Promise<string> {
  const reading = await ports.ingress.read();
  const name = revisionOf(number);
  const warm =
    reading.kind === 'serving' &&
    reading.backends.some(
      ({ deployment, revision, serversUp }) => deployment === work.deployment && revision === name && serversUp > 0,
    );
  if (warm) await point(ports, work, number);
  await bringUp(ports, work, number);
  if (!warm) await point(ports, work, number);
  return confirm(ports, work);
}

/**
 * The failed revision goes, and what served before serves on. Where the requests had gone to the new one already they go back first.
 * A first revision has nothing behind it: it is taken away too, so that it does not crash for ever.
 */
async function undo(
  ports: RolloutPorts,
  work: Work,
  { revision, kind, started }: OperationRecord,
  reason: string,
): Promise<Outcome> {
  const { deployments } = ports;
  const number = revision!;
  const { stable, previous } = deployments.find(work.deployment)!;
  const back = stable === number ? previous : stable;
  const result = back === undefined ? 'failed' : 'rolled-back';
  if (deployments.revision(work.deployment, number)!.result === 'pending')
    deployments.finish(work.deployment, number, { result, reason, seconds: ports.unixSeconds() - started });
  try {
    if (back === undefined && stable === number) return { state: 'failed', text: reason };
    if (back !== undefined && stable === number) await pointBack(ports, work, back, number);
    const { warmUntil } = deployments.revision(work.deployment, number)!;
    // One that served well before and is warm stays so: HAProxy's trouble is no reason to lose it.
    if (kind !== 'rollback' || warmUntil <= ports.unixSeconds()) {
      deployments.keepWarm(work.deployment, number, 0);
      await takeAway(ports, work, number);
    }
    const text = back === undefined ? 'Nothing serves.' : await confirm(ports, work);
    return { state: result, text: `${reason} ${back === undefined ? '' : 'Rolled back by itself: '}${text}` };
  } catch (error) {
    if (!(error instanceof StepFailed) || work.signal.aborted) throw error;
    return { state: 'failed', text: `${reason} Going back has not ended well either: ${error.message}` };
  }
}

/** A revision that was given up is none to go back to: that is the one that served before. */
async function pointBack(ports: RolloutPorts, work: Work, back: number, failed: number): Promise<void> {
  const { deployments } = ports;
  const isGood = ({ number, result, pruned }: Revision) =>
    result === 'done' && !pruned && number !== back && number !== failed;
  const before = deployments.revision(work.deployment, failed)!.result === 'done' ? failed : undefined;
  try {
    await point(ports, work, back);
  } finally {
    const previous = before ?? deployments.revisions(work.deployment).find(isGood)?.number;
    if (deployments.find(work.deployment)!.stable === back) deployments.setStable(work.deployment, back, previous);
  }
}

/** Scaled, restarted or started: the stable revision as it is recorded now. */
async function settle(ports: RolloutPorts, work: Work): Promise<string> {
  const { deployment, revision } = stableOf(ports, work);
  const replicas = deployment.stopped ? 0 : deployment.settings.replicas;
  const spec = await specOf(ports, deployment, revision, replicas);
  await applyHealthy(ports, work, spec, { ...revision.spec.rollout, monitorSeconds: 0.5 });
  await reach(ports, work, revision.number);
  await settleWarm(ports, work, deployment);
  return confirm(ports, work);
}

/** What is warm follows, as it is to be gone back to: with an old secret it could not be. */
async function settleWarm(ports: RolloutPorts, work: Work, deployment: Deployment): Promise<void> {
  const services = wantedServices(deployment, ports.deployments.revisions(deployment.name), ports.unixSeconds());
  for (const { revision, replicas } of services.filter((one) => one.revision.number !== deployment.stable)) {
    const spec = await specOf(ports, deployment, revision, replicas);
    await applyHealthy(ports, work, spec, { ...revision.spec.rollout, monitorSeconds: 0.5 });
  }
}

async function stop(ports: RolloutPorts, work: Work): Promise<string> {
  const { deployment, revision } = stableOf(ports, work);
  for (const other of ports.deployments.revisions(deployment.name)) {
    if (other.warmUntil === 0) continue;
    ports.deployments.keepWarm(deployment.name, other.number, 0);
    if (other.service !== revision.service) await orderRemoval(ports, work, other.service);
  }
  await apply(ports, work, await specOf(ports, deployment, revision, 0));
  await step(work, 'ingress', 'HAProxy is told.', () => ports.ingress.apply(allRoutes(ports)));
  const left = await ended(ports, work, revision.spec.stopGraceSeconds);
  if (left !== undefined) throw new StepFailed(left);
  return confirm(ports, work);
}

/** Beyond the time that an application is given to end. */
const endSeconds = 30;

async function ended(ports: RolloutPorts, work: Work, graceSeconds: number): Promise<string | undefined> {
  const left = await step(work, 'end', 'Until every replica has ended.', () =>
    untilEnded(ports, work.deployment, graceSeconds + endSeconds, work.signal),
  );
  if (left !== undefined) work.note({ kind: 'failed', step: 'end', text: left });
  if (work.signal.aborted) throw new StepFailed('The control plane is stopping.');
  return left;
}

/** First the way in, then the services; volumes and secrets stay. */
async function remove(ports: RolloutPorts, work: Work): Promise<string> {
  await step(work, 'ingress', 'HAProxy forgets its hosts.', () => ports.ingress.apply(allRoutes(ports)));
  for (const name of await servicesOf(ports, work)) await orderRemoval(ports, work, name);
  const grace = Math.max(0, ...ports.deployments.revisions(work.deployment).map((one) => one.spec.stopGraceSeconds));
  const left = await ended(ports, work, grace);
  const there = await servicesOf(ports, work);
  if (there.length > 0) throw new StepFailed(`The engine still has ${there.join(', ')}; remove it once more.`);
  ports.forget(ports.deployments.find(work.deployment)!.environment, work.deployment);
  ports.deployments.remove(work.deployment);
  return `Its services are gone; volumes and secrets stay.${left === undefined ? '' : ` ${left}`}`;
}

async function servicesOf({ engine }: RolloutPorts, work: Work): Promise<string[]> {
  const services = await engine.services.list({ label: [`odyssey_deployment=${work.deployment}`] });
  if (services.ok) return services.value.map(({ Spec }) => Spec.Name);
  if (services.failure.kind === 'no-swarm') return [];
  throw new StepFailed(`Its services cannot be listed: ${services.failure.message}`);
}

function stableOf({ deployments }: RolloutPorts, work: Work): { deployment: Deployment; revision: Revision } {
  const deployment = deployments.find(work.deployment);
  if (deployment?.stable === undefined) throw new StepFailed('No revision has served yet; deploy one that does.');
  return { deployment, revision: deployments.revision(deployment.name, deployment.stable)! };
}
