// Who is asking: a person with a session or an API token, and what they may do right now.
import { allEnvironments, type Grant, type Permission, permits } from '../../core/contracts/access.ts';
import type { AuditActor } from '../../core/contracts/audit.ts';

interface SessionUse {
  kind: 'session';
  id: string;
  csrf: string;
  /** Unix seconds of the last time that the password was shown. */
  confirmed: number;
}

interface TokenUse {
  kind: 'token';
  id: string;
  permissions: readonly Permission[];
  /** The only environment that the token reaches, or `*`. */
  environment: string;
}

/** Another process of ours, known by the token that it shares with us. */
export interface ProcessUse {
  kind: 'process';
  id: 'detectors' | 'alertmanager';
}

export interface Identity {
  person: string;
  name: string;
  grants: readonly Grant[];
  use: SessionUse | TokenUse | ProcessUse;
  /** Whether the person has a second factor. */
  hasSecondFactor: boolean;
  /** Policy demands a second factor of this person and there is none yet: only enrolling it is allowed. */
  lacksSecondFactor: boolean;
}

/** Whether this identity holds the permission: a token never more than its owner, and only what it was made for. */
export function holds(identity: Identity, permission: Permission, environment?: string): boolean {
  const { use, grants } = identity;
  if (use.kind === 'process') return false;
  if (use.kind === 'session') return permits(grants, permission, environment);
  if (!use.permissions.includes(permission)) return false;
  if (use.environment === allEnvironments) return permits(grants, permission, environment);
  const narrowed = grants
    .filter((held) => held.environment === allEnvironments || held.environment === use.environment)
    .map(({ role }) => ({ environment: use.environment, role }));
  return permits(narrowed, permission, environment);
}

export function actorOf(identity: Identity | undefined): AuditActor {
  if (identity === undefined) return { kind: 'anonymous', id: 'anonymous' };
  const { use, person } = identity;
  if (use.kind === 'process') return { kind: 'system', id: use.id };
  return use.kind === 'token' ? { kind: 'token', id: `${person}/${use.id}` } : { kind: 'person', id: person };
}
