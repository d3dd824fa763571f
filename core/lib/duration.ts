// Durations as people write them in settings: "15s", "6h", "7d".

const secondsPer: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of "250ms", "15s", "5m", "6h", "7d", "2w" or a sum such as "1h30m"; undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    seconds += Number(amount) * secondsPer[unit!]!;
  }
  return seconds;
}

/** The two largest units that matter: 5400 → "1h30m", 45 → "45s", 0.25 → "250ms". */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'm', 's']) {
    const amount = Math.floor(rest / secondsPer[unit]!);
    if (amount > 0 && parts.length < 2) parts.push(`${amount}${unit}`);
    rest -= amount * secondsPer[unit]!;
  }
  return parts.join('') || '0s';
}
