// Processes that look like threats, in words and marks.
import type { z } from 'zod';
import type { threats } from '../../../core/contracts/api-watch.ts';
import type { Threat } from '../../../core/contracts/threats.ts';
import type { HealthGroup } from './health.ts';
import type { Meaning } from './meaning.ts';

export type Threats = z.infer<typeof threats>;

export function meaningOfTier(tier: Threat['tier']): Meaning {
  if (tier === 'critical') return 'critical';
  return tier === 'medium' ? 'warning' : 'notice';
}

/** `reverse_shells` → "reverse shell": a process is one of a kind. */
export function wordsOf(category: string): string {
  return category.replaceAll('_', ' ').replace(/s$/, '');
}

/** Why nobody knows of threats: a machine without a report is unknown, not clean. */
export function threatsUnknown(told: Threats): string | undefined {
  if (told.state === 'unknown') return told.reason;
  if (told.items.length > 0) return undefined;
  return 'No machine has sent a report yet: the first comes within a minute of the start.';
}

/** Those that wait for a person: what somebody has allowed is listed, not counted. */
export function countedThreats(told: Threats): readonly Threat[] {
  const found = told.state === 'known' ? told.items.flatMap((report) => report.threats) : [];
  return found.filter(({ allowedBy }) => allowedBy === undefined);
}

/** A mark for each; `why` says what keeps the answer while there is none. */
export function threatGroup(told: Threats | undefined, why: string): HealthGroup {
  const unknown = told === undefined ? why : threatsUnknown(told);
  if (told === undefined || unknown !== undefined) return { title: 'Threats', tiles: [], unknown };
  const tiles = countedThreats(told).map(({ pid, comm, exe, tier, category, container }) => ({
    ...{ id: String(pid), name: comm ?? exe ?? `process ${pid}`, meaning: meaningOfTier(tier), href: '/processes' },
    words: `looks like a ${wordsOf(category)}${container ? `, in ${container}` : ''}`,
  }));
  return { title: 'Threats', tiles, unknown: undefined };
}
