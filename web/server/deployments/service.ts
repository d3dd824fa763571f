// What people do with deployments: checked, recorded, begun; the steps go on by themselves and are followed by the operation's id.
import type { AuditActor, AuditOutcome } from '../../../core/contracts/audit.ts';
import type {
  DeploymentSettings,
  DeploymentSpec,
  RevisionChange,
  RevisionSpec,
  SettingsChange,
} from '../../../core/contracts/deployment-spec.ts';
import type { Accepted, OperationKind } from '../../../core/contracts/deployments.ts';
import type { Act, OpenedAct } from '../audit/log.ts';
import { UserError } from '../user-error.ts';
import { changed, refuseSpec } from './change.ts';
import { numberOf, revisionOf } from './names.ts';
import { operate } from './operate.ts';
import { actOf, type OperationRecord, type OperationStore } from './operations.ts';
import { allRoutes, type RolloutPorts } from './rollout.ts';
import type { Deployment, Revision } from './store.ts';

export interface DeploymentPorts extends RolloutPorts {
  audit: {
    open(act: Act): Promise<OpenedAct>;
    close(act: OpenedAct, outcome: AuditOutcome, detail?: Act['detail']): Promise<void>;
  };
  environments: { byId(id: string): { archived: boolean } };
  randomId(): string;
  /** Whether anything can be deployed now, or why not. */
  ready(): Promise<string | undefined>;
  onBroken(error: Error): void;
}

export interface Actor {
  kind: AuditActor['kind'];
  id: string;
  person: string;
}

export class DeploymentService {
  private readonly ports: DeploymentPorts;
  private readonly stopping = new AbortController();
  private readonly running = new Map<string, Promise<void>>();

  constructor(ports: DeploymentPorts) {
    this.ports = ports;
  }

  async deploy(actor: Actor, environment: string, spec: DeploymentSpec): Promise<Accepted> {
    const { settings, revision, name } = this.examine(environment, spec);
    await this.refuseUnready();
    const { deployments, unixSeconds } = this.ports;
    const first = { spec: revision, author: actor.person };
    deployments.add({ name, environment, settings, created: unixSeconds() }, first);
    return this.begin(actor, deployments.get(environment, name), 'deploy', 1);
  }

  /** Throws a UserError where it could not be deployed as it is asked for; changes nothing. */
  examine(environment: string, spec: DeploymentSpec): ReturnType<typeof split> {
    if (this.ports.environments.byId(environment).archived)
      throw new UserError(409, 'archived', 'The environment is archived and takes nothing new; take it back first.');
    const parts = split(spec);
    refuse(refuseSpec(parts.revision, parts.settings));
    this.ports.deployments.refuseTaken(spec.name, spec.hosts);
    return parts;
  }

  /** A new revision from the one that serves and what is given: what a failed try had asked for does not stay. */
  async update(actor: Actor, environment: string, name: string, change: RevisionChange): Promise<Accepted> {
    const deployment = this.idle(environment, name);
    const spec = changed(this.base(deployment).spec, change);
    refuse(refuseSpec(spec, deployment.settings));
    await this.refuseUnready();
    this.idle(environment, name);
    return this.withRevision(actor, deployment, deployment.stable === undefined ? 'deploy' : 'update', spec);
  }

  async rollback(actor: Actor, environment: string, name: string, to: string | undefined): Promise<Accepted> {
    const deployment = this.idle(environment, name);
    const number = to === undefined ? deployment.previous : numberOf(to);
    if (number === undefined)
      throw new UserError(409, 'nothing-before', 'No other revision has served before this one; name one, or deploy.');
    const target = this.ports.deployments.revision(name, number);
    if (target === undefined || target.pruned || target.result !== 'done')
      throw new UserError(
        409,
        'not-kept',
        `${revisionOf(number)} is not kept, or never served; choose one of the list.`,
      );
    if (number === deployment.stable)
      throw new UserError(409, 'serves', `${revisionOf(number)} is the one that serves; choose another.`);
    return this.begin(actor, deployment, 'rollback', number);
  }

  async scale(actor: Actor, environment: string, name: string, replicas: number): Promise<Accepted> {
    const deployment = this.idle(environment, name);
    const settings = { ...deployment.settings, replicas };
    refuse(refuseSpec(this.serving(deployment).spec, settings));
    return this.begin(actor, deployment, 'scale', deployment.stable, () =>
      this.ports.deployments.changeSettings(name, settings),
    );
  }

  async restart(actor: Actor, environment: string, name: string): Promise<Accepted> {
    const deployment = this.idle(environment, name);
    this.serving(deployment);
    return this.begin(actor, deployment, 'restart', deployment.stable, () => this.ports.deployments.countRestart(name));
  }

  async setStopped(actor: Actor, environment: string, name: string, stopped: boolean): Promise<Accepted> {
    const deployment = this.idle(environment, name);
    this.serving(deployment);
    return this.begin(actor, deployment, stopped ? 'stop' : 'start', deployment.stable, () =>
      this.ports.deployments.setStopped(name, stopped),
    );
  }

  async remove(actor: Actor, environment: string, name: string): Promise<Accepted> {
    const deployment = this.idle(environment, name, true);
    return this.begin(actor, deployment, 'remove', undefined, () => this.ports.deployments.setRemoving(name));
  }

  /** Hosts and the like: within the revision, so HAProxy alone is told. */
  async configure(environment: string, name: string, change: SettingsChange): Promise<void> {
    const { deployments, ingress } = this.ports;
    const deployment = this.idle(environment, name);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const settings = { ...deployment.settings, ...Object.fromEntries(given) } as DeploymentSettings;
    refuse(refuseSpec(this.base(deployment).spec, settings));
    deployments.changeSettings(name, settings);
    this.capWarm(deployment, settings.warmSeconds);
    const applied = await ingress.apply(allRoutes(this.ports));
    if (applied.kind === 'refused' || applied.kind === 'failed')
      throw new UserError(
        502,
        'ingress',
        `It is recorded and tried again, but HAProxy does not have it: ${applied.reason}`,
      );
  }

  /** Replaces its replicas one after the other with the secrets and networks of now; undefined, or why not. */
  async renewSecrets(actor: Actor, environment: string, name: string): Promise<string | undefined> {
    const deployment = this.idle(environment, name);
    // One that is stopped has no replica to replace: its service is given them by the next look.
    if (deployment.stable === undefined || deployment.stopped) return undefined;
    // Counted as a restart: what runs already would else pass for what shall run.
    const count = () => this.ports.deployments.countRestart(name);
    const { operation } = await this.begin(actor, deployment, 'restart', deployment.stable, count);
    await this.running.get(operation);
    const ended = this.ports.operations.get(operation);
    return ended?.state === 'done' ? undefined : (ended?.outcome ?? 'It did not end.');
  }

  /** Goes on with what a crash has interrupted, or an audit log that took nothing for a while. */
  resume(): void {
    if (this.stopping.signal.aborted) return;
    for (const operation of this.ports.operations.allRunning())
      if (!this.running.has(operation.id)) this.start(operation, 'goes on after an interruption');
  }

  isBusy(name: string): boolean {
    return this.ports.operations.running(name) !== undefined;
  }

  /** Lets go of what goes on; it is recorded as running and goes on with the next start. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  private async withRevision(
    actor: Actor,
    deployment: Deployment,
    kind: OperationKind,
    spec: RevisionSpec,
  ): Promise<Accepted> {
    const { deployments, unixSeconds } = this.ports;
    const stable =
      deployment.stable === undefined ? undefined : deployments.revision(deployment.name, deployment.stable);
    // Two services cannot share a volume for a moment: the one that has it is updated in place.
    const service =
      stable !== undefined && stable.spec.volumes.length > 0 && spec.volumes.length > 0 ? stable.service : undefined;
    const revision = { deployment: deployment.name, spec, service, author: actor.person, created: unixSeconds() };
    const number = deployments.addRevision(revision);
    return this.begin(actor, deployment, kind, number);
  }

  /** What is warm already stays so no longer than what becomes warm from now on. */
  private capWarm({ name }: Deployment, warmSeconds: number): void {
    const { deployments, unixSeconds } = this.ports;
    const latest = unixSeconds() + warmSeconds;
    for (const { number, warmUntil } of deployments.revisions(name))
      if (warmUntil > latest) deployments.keepWarm(name, number, latest);
  }

  /** Recorded before anything is done: from here on a crash leaves it to be gone on with. */
  private async begin(
    actor: Actor,
    { name, environment }: Deployment,
    kind: OperationKind,
    revision: number | undefined,
    record: () => void = () => undefined,
  ): Promise<Accepted> {
    const { operations, randomId, unixSeconds } = this.ports;
    const id = randomId();
    const { kind: actorKind, person } = actor;
    operations.begin(
      {
        ...{ id, environment, deployment: name, kind, revision, actor: `${actorKind}/${actor.id}`, person },
        started: unixSeconds(),
      },
      record,
    );
    this.start(operations.get(id)!, undefined);
    return { operation: id, deployment: name, revision: revision === undefined ? null : revisionOf(revision) };
  }

  private start(operation: OperationRecord, interrupted: string | undefined): void {
    const { id } = operation;
    const done = this.run(operation, interrupted)
      .catch((error: Error) => this.ports.onBroken(error))
      .finally(() => this.running.delete(id));
    this.running.set(id, done);
  }

  private async run(operation: OperationRecord, interrupted: string | undefined): Promise<void> {
    const { operations, audit } = this.ports;
    const { id, deployment, kind } = operation;
    const signal = this.stopping.signal;
    const work = {
      deployment,
      signal,
      note: (step: Parameters<OperationStore['note']>[1]) => operations.note(id, step),
    };
    if (interrupted !== undefined) work.note({ kind: 'progress', step: kind, text: `It ${interrupted}.` });
    const act = await audit.open(actOf(operation));
    try {
      const { state, text } = await operate(this.ports, work, operation);
      operations.end(id, { state, outcome: text });
      await audit.close(act, state === 'done' ? 'done' : 'failed', { state, text });
    } catch (error) {
      if (signal.aborted) return; // the record stays open, and the next start goes on
      this.giveUp(operation);
      await audit.close(act, 'failed', { state: 'failed', text: 'internal' });
      throw error;
    }
  }

  /** What nobody expected: the revision counts as failed, and the next look takes away what is left of it. */
  private giveUp({ id, deployment, revision, started }: OperationRecord): void {
    const { operations, deployments, unixSeconds } = this.ports;
    const reason = 'Something that nobody expected went wrong; the log of the control plane has it.';
    const made = revision === undefined ? undefined : deployments.revision(deployment, revision);
    if (made?.result === 'pending')
      deployments.finish(deployment, made.number, { result: 'failed', reason, seconds: unixSeconds() - started });
    operations.end(id, { state: 'failed', outcome: reason });
  }

  private idle(environment: string, name: string, removes = false): Deployment {
    const deployment = this.ports.deployments.get(environment, name);
    const other = this.ports.operations.running(name);
    if (other !== undefined)
      throw new UserError(409, 'busy', `${name} has an operation that goes on (${other.kind}); wait for its end.`, 5);
    if (deployment.removing && !removes)
      throw new UserError(409, 'removing', `${name} is being removed, which has not ended well; remove it once more.`);
    return deployment;
  }

  /** The revision that serves, or the newest while none has. */
  private base({ name, stable }: Deployment): Revision {
    const revisions = this.ports.deployments.revisions(name);
    return revisions.find(({ number }) => number === stable) ?? revisions[0]!;
  }

  private serving({ name, stable }: Deployment): Revision {
    const revision = stable === undefined ? undefined : this.ports.deployments.revision(name, stable);
    if (revision === undefined)
      throw new UserError(409, 'never-served', `No revision of ${name} has served yet; update it with one that does.`);
    return revision;
  }

  private async refuseUnready(): Promise<void> {
    const reason = await this.ports.ready();
    if (reason !== undefined) throw new UserError(503, 'no-engine', reason);
  }
}

function split({ name, replicas, hosts, sticky, keepRevisions, warmSeconds, ...revision }: DeploymentSpec) {
  return { name, settings: { replicas, hosts, sticky, keepRevisions, warmSeconds }, revision };
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new UserError(400, 'cannot-run', reason);
}
