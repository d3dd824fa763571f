// Items of the audit log for tests of the console: a record as the API gives it, and what can be changed in it.
import type { AuditItem } from '../../../web/console/values/audit-acts.ts';

export function item(
  seq: number,
  record: object,
  personal: Record<string, string> = {},
  names: Record<string, string> = {},
): AuditItem {
  const always = {
    v: 1,
    seq,
    time: '2026-01-02T03:04:05.000Z',
    previousRoot: '0'.repeat(64),
    subject: 'shop',
    detail: {},
    personal: {},
  };
  const actor = { kind: 'person', id: 'p1' };
  return {
    seq,
    leaf: 'f'.repeat(64),
    personal,
    names,
    record: { ...always, actor, action: 'deployment:write', ...record },
  } as AuditItem;
}

export const open = item(
  1,
  { kind: 'open', detail: { before: { replicas: 2 }, after: { replicas: 3 } } },
  { actorName: 'ada' },
);
export const close = item(2, { kind: 'close', opened: 1, outcome: 'done' });
