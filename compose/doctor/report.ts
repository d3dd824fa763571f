// The doctor's report as text: one line each, the fix below it.
import type { Finding } from '../../core/contracts/doctor.ts';

const marks = { ok: 'ok     ', warn: 'warn   ', fail: 'FAIL   ', unknown: 'unknown' } as const;

/** All findings, or with `only` those that are not ok and a count of the rest. */
export function renderReport(findings: readonly Finding[], only: 'all' | 'not-ok'): string[] {
  const told = only === 'all' ? findings : findings.filter(({ state }) => state !== 'ok');
  const widest = Math.max(0, ...told.map(({ name }) => name.length));
  const lines = told.flatMap(({ state, name, says, fix }) => [
    `${marks[state]}  ${name.padEnd(widest)}  ${says}`,
    ...(fix === undefined ? [] : [`${' '.repeat(widest + 11)}→ ${fix}`]),
  ]);
  return [...lines, summary(findings)];
}

function summary(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const parts = [
    `${count('ok')} ok`,
    `${count('warn')} to look at`,
    `${count('fail')} failed`,
    `${count('unknown')} unknown`,
  ];
  return parts.join(', ');
}
