// A rotation at work: the new version goes to every service that has the old one, is proven to run, and only then the old one goes.
import type { AuditOutcome } from '../../../core/contracts/audit.ts';
import type { Act, OpenedAct } from '../audit/log.ts';
import type { EnginePort } from '../engine/port.ts';
import type { SecretStore, SecretUsers } from './port.ts';
import type { RotationRow, SecretTable } from './table.ts';
import { stillBefore, usesOf } from './usage.ts';

export interface RotationPorts {
  engine: Pick<EnginePort, 'services' | 'tasks'>;
  store: SecretStore;
  table: SecretTable;
  users: SecretUsers;
  audit: {
    open(act: Act): Promise<OpenedAct>;
    close(act: OpenedAct, outcome: AuditOutcome, detail?: Act['detail']): Promise<void>;
  };
  unixSeconds(): number;
  monotonicSeconds(): number;
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** Warm revisions follow when deployments are next looked at; slow applications need their time. */
const movingSeconds = 600;
const pollSeconds = 1;
const busyTries = 60;

/** A step that did not go as it should; its words are for people. */
class NotMoved extends Error {}

/**
 * Goes on from wherever the row says it is, after a crash too; never rejects. Each step is written down before it is taken and can be
 * taken twice. Where the new version does not come up the old one is given out again: it was never taken away.
 */
export async function rotate(ports: RotationPorts, begun: RotationRow, signal: AbortSignal): Promise<void> {
  const { table, store, audit, unixSeconds } = ports;
  const { environment, name, from, to, actor } = begun;
  let row = begun;
  const save = (change: Partial<RotationRow>) => {
    row = { ...row, ...change };
    table.saveRotation(row);
  };
  const end = (phase: 'done' | 'failed', reason: string | null) => save({ phase, reason, ended: unixSeconds() });
  const subject = `environment/${environment}/secret/${name}`;
  const act = { actor: { kind: actor.kind, id: actor.id }, action: 'secret:move', subject, environment };
  let opened: OpenedAct | undefined;
  try {
    opened = await audit.open({ ...act, detail: { from, to } });
    if (row.phase === 'creating') save({ phase: 'moving' });
    if (row.phase === 'moving') {
      table.setCurrent(environment, name, to);
      await moveAll(ports, row, (moved) => save({ moved }), signal);
      save({ phase: 'removing' });
    }
    const kept = await removeBefore(ports, row);
    end('done', kept);
    await audit.close(opened, 'done', { moved: row.moved, kept });
  } catch (error) {
    if (signal.aborted) return; // the next start goes on with it
    const reason =
      error instanceof NotMoved ? error.message : `It broke off: ${(error as Error).message.slice(0, 300)}`;
    if (row.phase === 'moving') {
      table.setCurrent(environment, name, from);
      for (const deployment of row.moved) await renew(ports, row, deployment, signal).catch(() => undefined);
      await store.remove({ environment, name, version: to }); // one that is still mounted stays, and is told as such
    }
    end('failed', reason);
    if (opened !== undefined) await audit.close(opened, 'failed', { reason }).catch(() => undefined);
  }
}

async function moveAll(
  ports: RotationPorts,
  { environment, name, to, moved, actor }: RotationRow,
  save: (moved: string[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const done = [...moved];
  const services = await servicesIn(ports, environment);
  const uses = usesOf(services).filter(
    (use) => use.name === name && use.environment === environment && use.version < to,
  );
  for (const deployment of new Set(uses.map((use) => use.deployment))) {
    if (!done.includes(deployment)) save([...done, deployment]);
    await renew(ports, { environment, actor }, deployment, signal);
    done.push(deployment);
  }
  await untilNoneBefore(ports, { environment, name, version: to }, signal);
}

/** What goes on with the deployment already is waited for: both are right, and one comes after the other. */
async function renew(
  { users, sleep }: RotationPorts,
  { environment, actor }: Pick<RotationRow, 'environment' | 'actor'>,
  deployment: string,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const reason = await users.renewSecrets(actor, environment, deployment);
      if (reason !== undefined) throw new NotMoved(`${deployment} does not run with the new version: ${reason}`);
      return;
    } catch (error) {
      const status = (error as { status?: number }).status;
      if (error instanceof NotMoved || status !== 409 || tries === busyTries || signal.aborted) throw error;
      await sleep(pollSeconds, signal);
    }
  }
}

/** Read back: no service names an older version and no task runs with one. */
async function untilNoneBefore(
  ports: RotationPorts,
  secret: { environment: string; name: string; version: number },
  signal: AbortSignal,
): Promise<void> {
  const deadline = ports.monotonicSeconds() + movingSeconds;
  for (;;) {
    const services = await servicesIn(ports, secret.environment);
    const tasks = await ports.engine.tasks.list({ label: [`odyssey_environment=${secret.environment}`] });
    const left = tasks.ok ? stillBefore(secret, services, tasks.value) : ['unknown'];
    if (left.length === 0) return;
    if (signal.aborted) throw new Error('stopping');
    if (ports.monotonicSeconds() > deadline)
      throw new NotMoved(`After ${movingSeconds} s these still have the old version: ${left.join(', ')}.`);
    await ports.sleep(pollSeconds, signal);
  }
}

async function servicesIn({ engine }: RotationPorts, environment: string) {
  const services = await engine.services.list({ label: [`odyssey_environment=${environment}`] });
  if (services.ok) return services.value;
  throw new NotMoved(`The engine cannot tell who has it: ${services.failure.message}`);
}

/** A word about versions that could not be removed, or null. */
async function removeBefore({ store }: RotationPorts, { environment, name, to }: RotationRow): Promise<string | null> {
  const listed = await store.list(environment);
  if (!listed.ok) return `The version before could not be looked up: ${listed.failure.message}`;
  const before = listed.value.filter((one) => one.name === name && one.version < to);
  const kept: string[] = [];
  for (const one of before) {
    const removed = await store.remove(one);
    if (!removed.ok && removed.failure.kind !== 'missing') kept.push(`${one.storedAs}: ${removed.failure.message}`);
  }
  return kept.length === 0 ? null : `Not removed: ${kept.join('; ').slice(0, 500)}`;
}
