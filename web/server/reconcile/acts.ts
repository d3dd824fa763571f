// Repairs in the audit log: an act for each thing that is repaired, opened before the first try and closed when it is as it should be.
import type { AuditOutcome } from '../../../core/contracts/audit.ts';
import type { Act, OpenedAct } from '../audit/log.ts';

export interface RepairAudit {
  open(act: Act): Promise<OpenedAct>;
  close(act: OpenedAct, outcome: AuditOutcome, detail?: Act['detail']): Promise<void>;
}

interface Repair {
  action: string;
  /** One act at a time for each. */
  subject: string;
  environment?: string;
  detail: NonNullable<Act['detail']>;
}

export interface RepairActs {
  /** Rejects where the log takes nothing: then nothing must be done. */
  open(repair: Repair): Promise<void>;
  /** Tries that fail are tried again: the act stays open, and what is told of it stands in the log of the process. */
  close(subject: string, text: string): Promise<void>;
}

/** As many as there can be subjects: a service of each kept revision. */
const openMax = 12_000;

export function createRepairActs(audit: RepairAudit): RepairActs {
  const opened = new Map<string, { act: OpenedAct; tries: number }>();
  return {
    async open({ action, subject, environment, detail }) {
      const again = opened.get(subject);
      if (again !== undefined) {
        again.tries += 1;
        return;
      }
      const actor = { kind: 'system' as const, id: 'reconcile' };
      const act = await audit.open({
        actor,
        action,
        subject,
        ...(environment !== undefined && { environment }),
        detail,
      });
      if (opened.size >= openMax) opened.clear();
      opened.set(subject, { act, tries: 1 });
    },
    async close(subject, text) {
      const done = opened.get(subject);
      opened.delete(subject);
      if (done !== undefined) await audit.close(done.act, 'done', { text, tries: done.tries });
    },
  };
}
