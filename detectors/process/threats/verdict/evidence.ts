// Evidence that a process is a threat: what was seen, how much it weighs, and how single pieces add up to a tier.

import type { ThreatCategory } from '../../../../core/contracts/threats.ts';
import { currentTechnique } from './techniques.ts';

export type Category = ThreatCategory;

export type Tier = 'critical' | 'medium' | 'low' | 'none';

export interface Evidence {
  /** What kind of thing was seen: the same id counts once, however often it is seen. */
  id: string;
  category: Category;
  /** ATT&CK technique, in today's numbering. */
  technique: string;
  weight: number;
  /** In words, without anything of the command line. */
  reason: string;
}

/**
 * Weights by what ordinary machines do. Decisive: nobody administers this way. Strong: rare and worth a look by
 * itself. Moderate: rare, with honest uses; two make a finding. Weak: only counts beside something else.
 */
export const weights = { decisive: 100, strong: 60, moderate: 30, weak: 10 } as const;

const tierFloors = { critical: 90, medium: 50, low: 10 } as const;

export interface Verdict {
  /** Medium or critical. */
  threat: boolean;
  tier: Tier;
  category: Category | null;
  /** 0–100: the sum of the weights, capped. */
  score: number;
  techniques: readonly string[];
  evidence: readonly Evidence[];
}

/** Adds evidence up. The order in which it was found changes nothing. */
export function conclude(seen: readonly Evidence[]): Verdict {
  const heaviest = new Map<string, Evidence>();
  for (const one of seen) {
    if (one.weight > (heaviest.get(one.id)?.weight ?? 0)) heaviest.set(one.id, one);
  }
  const evidence = [...heaviest.values()].sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
  const category = mainCategory(evidence);
  const score = Math.min(
    100,
    evidence.reduce((sum, { weight }) => sum + weight, 0),
  );
  const tier = tierOf(score);
  return {
    threat: tier === 'critical' || tier === 'medium',
    tier,
    category,
    score,
    techniques: [...new Set(evidence.map(({ technique }) => currentTechnique(technique)))].sort(),
    evidence,
  };
}

/** What a process is for comes before how it got there: a reverse shell that also escapes from vi is a reverse shell. */
export const categories: readonly Category[] = [
  'crypto_miners',
  'reverse_shells',
  'data_exfiltration',
  'persistence_mechanisms',
  'suspicious_network',
  'system_modification',
  'privilege_escalation',
];

/** The category of the heaviest piece of evidence; among equals the one that comes first in the list. */
function mainCategory(evidence: readonly Evidence[]): Category | null {
  const most = evidence[0]?.weight;
  return (
    categories.find((category) => evidence.some((one) => one.category === category && one.weight === most)) ?? null
  );
}

function tierOf(score: number): Tier {
  if (score >= tierFloors.critical) return 'critical';
  if (score >= tierFloors.medium) return 'medium';
  return score >= tierFloors.low ? 'low' : 'none';
}
