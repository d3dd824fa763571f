// From one machine's snapshot of processes to the threats present now, and their numbers for the metric process_threats.
import type { ProcessFacts } from '../../../../core/contracts/processes.ts';
import type { Threat, ThreatCategory, ThreatException } from '../../../../core/contracts/threats.ts';
import { allowedBy } from './allow-list.ts';
import { categories } from './evidence.ts';
import { judge } from './judge.ts';

const listMax = 1_000;
const commandLineCharsMax = 512;
const tiers = ['critical', 'medium', 'low'] as const;

export interface ThreatCount {
  tier: Threat['tier'];
  category: ThreatCategory;
  count: number;
}

export interface ThreatSnapshot {
  /** The worst first, at most 1,000. Low ones are counted, not listed. */
  threats: Threat[];
  /** One row for each tier and category, 0 where there are none: the snapshot was read, so none is a fact. */
  counts: ThreatCount[];
  /** Threats beyond the bound of the list. */
  omitted: number;
}

/** Judges each process with its parent from the same snapshot. Allowed processes are listed with their exception, not counted. */
export function threatsOf(
  processes: readonly ProcessFacts[],
  exceptions: readonly ThreatException[],
  nowSeconds: number,
): ThreatSnapshot {
  const byPid = new Map(processes.map((one) => [one.pid, one]));
  const counted = new Map<string, number>();
  const threats: Threat[] = [];
  for (const facts of processes) {
    const parent = facts.ppid === undefined ? undefined : byPid.get(facts.ppid);
    const { tier, category, score, techniques, evidence } = judge(facts, parent);
    if (tier === 'none' || category === null) continue;
    const allowed = allowedBy(exceptions, facts, parent, nowSeconds);
    if (allowed === undefined) counted.set(`${tier} ${category}`, (counted.get(`${tier} ${category}`) ?? 0) + 1);
    if (tier === 'low') continue;
    threats.push({
      ...identity(facts),
      tier,
      category,
      score,
      techniques: [...techniques],
      reasons: evidence.map(({ reason }) => reason),
      ...(allowed === undefined ? {} : { allowedBy: allowed.id }),
    });
  }
  threats.sort((a, b) => b.score - a.score || a.pid - b.pid);
  return {
    threats: threats.slice(0, listMax),
    counts: countRows(counted),
    omitted: Math.max(0, threats.length - listMax),
  };
}

function identity(
  facts: ProcessFacts,
): Pick<Threat, 'pid' | 'startedAtSeconds' | 'comm' | 'exe' | 'commandLine' | 'container'> {
  const { pid, startedAtSeconds, comm, exe, argv, container } = facts;
  return {
    pid,
    commandLine: argv.slice(0, 64).join(' ').slice(0, commandLineCharsMax),
    ...(startedAtSeconds === undefined ? {} : { startedAtSeconds }),
    ...(comm === undefined ? {} : { comm }),
    ...(exe === undefined ? {} : { exe }),
    ...(container === undefined ? {} : { container: container?.name ?? null }),
  };
}

function countRows(counted: ReadonlyMap<string, number>): ThreatCount[] {
  return tiers.flatMap((tier) =>
    categories.map((category) => ({ tier, category, count: counted.get(`${tier} ${category}`) ?? 0 })),
  );
}
