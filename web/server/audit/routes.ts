// The audit log as people read it: filtered pages, a verifiable export, the checkpoints it is verified against.
import { z } from 'zod';
import {
  auditExportQuery,
  auditItem,
  auditQuery,
  auditState,
  auditVerified,
  nothing,
  page,
} from '../../../core/contracts/api.ts';
import type { AuditRecord } from '../../../core/contracts/audit.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { type Route, route } from '../http/route.ts';
import { UserError } from '../user-error.ts';
import type { AuditLog } from './log.ts';
import type { SelfCheck } from './self-check.ts';

interface AuditParts {
  log: AuditLog;
  anchors: readonly { target: string }[];
  check: SelfCheck;
  nameOf(person: string): string | undefined;
}

export function auditRoutes(parts: AuditParts): Route[] {
  return [...recordRoutes(parts.log, parts.nameOf), ...stateRoutes(parts), ...proofRoutes(parts.log)];
}

function recordRoutes(log: AuditLog, nameOf: AuditParts['nameOf']): Route[] {
  return [
    route({
      method: 'get',
      path: '/audit',
      access: 'audit:read',
      summary:
        'Records, newest first; every part of the filter must fit; a page may be short, go on while there is a next one',
      query: auditQuery,
      answer: page(auditItem),
      handle({ query: { limit, cursor, ...filter } }) {
        const before = decodeCursor(cursor, z.int().nonnegative(), log.size);
        const { lines, next } = log.store.search(filter, before, limit);
        const items = lines.map(({ seq, leaf, record: text, personal }) => {
          const record = JSON.parse(text) as AuditRecord;
          return { seq, leaf, record, personal, names: namesIn(record, nameOf) };
        });
        return { items, next: next > 0 ? encodeCursor(next) : null };
      },
    }),
  ];
}

/** The actor, and whoever a stranger turned out to be: signing in and setting up say it when they end. */
function namesIn({ actor, detail }: AuditRecord, nameOf: AuditParts['nameOf']): Record<string, string> {
  const people = [actor.kind === 'person' ? actor.id : undefined, detail['person']];
  return Object.fromEntries(
    people.flatMap((person) => {
      const name = typeof person === 'string' ? nameOf(person) : undefined;
      return name === undefined ? [] : [[person as string, name]];
    }),
  );
}

function isAskedFor(part: [string, string | number | undefined]): part is [string, string | number] {
  return part[1] !== undefined;
}

/** How far the log is signed, witnessed and verified. */
function stateRoutes({ log, anchors, check }: AuditParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/audit/state',
      access: 'audit:read',
      summary: 'Size, newest checkpoint, and how far each witness outside has been told',
      answer: auditState,
      handle() {
        const checkpoint = log.store.latestCheckpoint();
        return {
          size: log.size,
          verified: check.last ?? null,
          verifierKey: log.checkpointFile().split('\n', 1)[0]!,
          checkpoint: checkpoint?.note ?? '',
          anchors: anchors.map(({ target }) => ({ target, size: log.store.anchoredTo(target) })),
        };
      },
    }),
    route({
      method: 'post',
      path: '/audit/verify',
      access: 'audit:read',
      summary: 'Recompute the whole stored log and say whether it is what was signed',
      answer: auditVerified,
      act: { action: 'audit:verify', subject: () => 'audit' },
      async handle({ record }) {
        const verified = await check.run();
        record({ size: verified.size, damage: verified.damage?.kind ?? null });
        return verified;
      },
    }),
  ];
}

/** What the log is verified with. */
function proofRoutes(log: AuditLog): Route[] {
  return [
    route({
      method: 'get',
      path: '/audit/export',
      access: 'audit:export',
      summary: 'The log from a record on, or the part that fits a filter, as the offline verifier reads it',
      query: auditExportQuery,
      lines: 'application/jsonl',
      act: {
        ...{ action: 'audit:export', subject: () => 'audit' },
        detail: (_, asked) => Object.fromEntries(Object.entries(asked).filter(isAskedFor)),
      },
      handle({ query: { since, ...filter } }) {
        if (Object.values(filter).some((part) => part !== undefined)) return log.partLines(filter);
        if (since > log.size)
          throw new UserError(422, 'too-far', `The log has ${log.size} records; start at one of them.`);
        return log.exportLines(since);
      },
    }),
    route({
      method: 'get',
      path: '/audit/checkpoints',
      access: 'audit:read',
      summary: 'The verifier key and every signed checkpoint; keep a copy outside',
      lines: 'text/plain',
      handle: () => log.checkpointFile().slice(0, -1).split('\n'),
    }),
    route({
      method: 'post',
      path: '/audit/checkpoints',
      access: 'audit:export',
      summary: 'Sign the log as it stands now',
      answer: nothing,
      act: { action: 'audit:checkpoint', subject: () => 'audit' },
      handle({ record }) {
        record({ size: log.checkpoint().size });
        return {};
      },
    }),
  ];
}
