// Which silence holds an alert back: as Alertmanager says itself, or as its matchers say where it has not heard of the alert yet.
import type { z } from 'zod';
import type { alertView, silence } from '../../../core/contracts/api-watch.ts';
import { keyOf } from './alert-words.ts';

export type Silence = z.infer<typeof silence>;
type Alert = Pick<z.infer<typeof alertView>, 'name' | 'severity' | 'labels'>;

/** The one that holds this alert back longest; undefined where none does. A pending one holds nothing back. */
export function silenceOver(alert: Alert, silences: readonly Silence[]): Silence | undefined {
  const holding = silences.filter((one) => one.state === 'active' && (isListed(alert, one) || fits(alert, one)));
  return holding.toSorted((a, b) => b.endSeconds - a.endSeconds)[0];
}

function isListed(alert: Alert, { alerts }: Silence): boolean {
  return alerts.some((one) => one.severity === alert.severity && keyOf(one) === keyOf(alert));
}

/** Regular expressions are left to Alertmanager: its language is another, and a hostile one would stop the page. */
function fits({ name, severity, labels }: Alert, { matchers }: Silence): boolean {
  const all: Readonly<Record<string, string>> = { ...labels, severity, alertname: name };
  return matchers.every(
    (matcher) => !matcher.isRegex && ((all[matcher.name] ?? '') === matcher.value) === matcher.isEqual,
  );
}
