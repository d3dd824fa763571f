// What stands before a record: the refusal of strangers and of people who may not, told by few records however many they are.
import type { AuditActor, AuditOutcome } from '../../../core/contracts/audit.ts';
import type { Act } from '../audit/log.ts';
import { actorOf, type Identity } from '../identity.ts';
import type { Refusals } from './refusals.ts';
import type { Route } from './route.ts';

export interface DoorPorts {
  audit: { note(act: Act, outcome: AuditOutcome): Promise<number> };
  refusals: Refusals;
  monotonicSeconds(): number;
  /** Told when a refusal could not be recorded. */
  complain(error: unknown): void;
}

/** Asks the route's door; what it proved is given to the handler, what it refuses is recorded or counted. */
export async function passDoor(ports: DoorPorts, route: Route, body: unknown, source: string): Promise<unknown> {
  try {
    return await route.door?.({ body, source });
  } catch (error) {
    const kind = (error as { kind?: string }).kind ?? 'internal';
    const personal = [{ field: 'source', person: 'anonymous', value: source }];
    await noteRefused(ports, actorOf(undefined), { action: route.act!.action, subject: 'refused', kind, personal });
    throw error;
  }
}

/** A person, a token or a process tried what it may not; strangers cannot fill the log this way. */
export async function noteDenied(
  ports: DoorPorts,
  route: Route,
  identity: Identity | undefined,
  kind: string,
): Promise<void> {
  if (identity === undefined || route.act === undefined) return;
  await noteRefused(ports, actorOf(identity), { action: route.act.action, subject: 'denied', kind, personal: [] });
}

/** Records what was counted and never told because nothing followed. */
export async function noteCounted(ports: DoorPorts): Promise<void> {
  for (const { action, actor, count } of ports.refusals.due(ports.monotonicSeconds())) {
    const act = { actor: { kind: 'system', id: 'refusals' } as const, action, subject: 'refused' };
    await ports.audit.note({ ...act, detail: { actor, count } }, 'refused').catch(ports.complain);
  }
}

async function noteRefused(
  { audit, refusals, monotonicSeconds, complain }: DoorPorts,
  actor: AuditActor,
  { action, subject, kind, personal }: { action: string; subject: string; kind: string; personal: Act['personal'] },
): Promise<void> {
  const told = refusals.count(action, actor.id, monotonicSeconds());
  if (told === undefined) return;
  const act = { actor, action, subject, detail: { kind, count: told.count }, ...(personal && { personal }) };
  await audit.note(act, 'refused').catch(complain);
}
