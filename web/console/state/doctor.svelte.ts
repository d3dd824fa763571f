// The doctor's report: what this machine has and lacks, what matters first, each with what to do.
import type { z } from 'zod';
import type { doctorReport, Finding } from '../../../core/contracts/doctor.ts';
import type { Meaning } from '../values/meaning.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';

export type DoctorReport = z.infer<typeof doctorReport>;

const meanings: Readonly<Record<Finding['state'], Meaning>> = {
  fail: 'critical',
  warn: 'warning',
  unknown: 'unknown',
  ok: 'ok',
};
const order: readonly Finding['state'][] = ['fail', 'warn', 'unknown', 'ok'];

export class DoctorPage {
  readonly query: Query<DoctorReport>;

  constructor({ api, queries }: Pick<App, 'api' | 'queries'>) {
    this.query = queries.get('doctor', (signal) => api.get<DoctorReport>('/doctor', {}, signal));
  }

  /** The worst first; within a state as the doctor has them. */
  readonly findings = $derived.by(() =>
    order.flatMap((state) => (this.query.data?.findings ?? []).filter((finding) => finding.state === state)),
  );

  readonly sentence = $derived.by(() => {
    if (this.query.data === undefined) return undefined;
    const count = (wanted: Finding['state']) => this.findings.filter(({ state }) => state === wanted).length;
    const [failed, toDo, unknown] = [count('fail'), count('warn'), count('unknown')];
    if (failed + toDo + unknown === 0) return `All ${this.findings.length} checks are fine.`;
    const parts = [
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(toDo > 0 ? [`${toDo} to look at`] : []),
      ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ];
    return `Of ${this.findings.length} checks ${parts.join(', ')}.`;
  });
}

export function meaningOfFinding({ state }: Finding): Meaning {
  return meanings[state];
}
