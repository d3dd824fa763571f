// The four meanings that colour and shape carry, and the one for what nobody knows.

export type Meaning = 'ok' | 'notice' | 'warning' | 'critical' | 'unknown';

/** Severities as Prometheus rules and people write them. */
export function meaningOfSeverity(severity: string): Meaning {
  switch (severity.toLowerCase()) {
    case 'critical':
    case 'error':
    case 'page':
      return 'critical';
    case 'warning':
      return 'warning';
    case 'info':
    case 'notice':
      return 'notice';
    default:
      return 'unknown';
  }
}

/** The watchdog fires always, so that its silence is noticed; nobody need look at it. */
export function isForPeople({ severity }: { severity: string }): boolean {
  return severity !== 'none';
}

const order: readonly Meaning[] = ['ok', 'unknown', 'notice', 'warning', 'critical'];

/** The one that weighs most; nothing at all is unknown. Unknown outweighs ok: silence is no good news. */
export function worst(meanings: readonly Meaning[]): Meaning {
  return (
    meanings.reduce<Meaning | undefined>(
      (found, one) => (found === undefined || order.indexOf(one) > order.indexOf(found) ? one : found),
      undefined,
    ) ?? 'unknown'
  );
}
