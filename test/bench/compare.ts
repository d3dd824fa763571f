// Compares what two exporters say about one machine, from scrapes taken in turns: ours, theirs, ours.
import { type Exposition, parseExposition } from '../../collector/exposition.ts';
import type { Sample } from '../../core/contracts/sample.ts';

/** One round: the peer was asked between the two scrapes of ours. */
export interface Round {
  before: string;
  peer: string;
  after: string;
}

export interface Agreement {
  sharedNames: number;
  sharedSeries: number;
  /** Names of the peer, of the compared families, that ours lacks. */
  missingNames: string[];
  /** Series that agreed in no round, and series that only one of the two has. */
  disagreements: string[];
}

export interface Rules {
  /** Samples that are compared. */
  compared(sample: Sample): boolean;
  /** Series of one side that the other may lack, with its value. */
  mayLack(series: string, value: number, side: 'ours' | 'theirs'): boolean;
  /** Counters whose start differs from exporter to exporter: what they grew by since the first round is compared. */
  grown(name: string): boolean;
}

/** Gauges within this share of each other agree; */
const tolerance = 0.01;
/** counters lie between the two scrapes around them, but for the last digits. */
const rounding = 1e-6;

/**
 * A value of theirs agrees when it lies between the two of ours, a gauge also within 1 % of one of them, in at least one round:
 * what moves between two scrapes agrees sooner or later, what is read or converted differently never does.
 */
export function compare(rounds: readonly Round[], rules: Rules): Agreement {
  const parsed = rounds.map(({ before, peer, after }) => ({
    before: seriesOf(parseExposition(before), rules),
    peer: seriesOf(parseExposition(peer), rules),
    after: seriesOf(parseExposition(after), rules),
  }));
  const first = parsed[0]!;
  const last = parsed.at(-1)!;
  const ourNames = new Set([...last.after.keys()].map(nameOf));
  const theirNames = new Set([...last.peer.keys()].map(nameOf));
  const missing = [...theirNames].filter((name) => !ourNames.has(name));
  const disagreements: string[] = [];
  const counters = countersOf(rounds.at(-1)!.after);
  let sharedSeries = 0;
  for (const series of new Set([...last.after.keys(), ...last.peer.keys()])) {
    if (missing.includes(nameOf(series)) || !theirNames.has(nameOf(series))) continue;
    const agreed = parsed.some((round) =>
      agree(round, first, series, {
        grown: rules.grown(nameOf(series)),
        counts: counters.has(nameOf(series)),
      }),
    );
    if (agreed) sharedSeries += 1;
    else if (!excused(parsed, series, rules)) disagreements.push(tell(parsed, series));
  }
  const sharedNames = [...theirNames].filter((name) => ourNames.has(name)).length;
  const lacking = missing.filter((name) => {
    const all = [...last.peer].filter(([series]) => nameOf(series) === name);
    return !all.every(([series, value]) => rules.mayLack(series, value, 'theirs'));
  });
  return { sharedNames, sharedSeries, missingNames: lacking.sort(), disagreements: disagreements.sort() };
}

type Values = Map<string, number>;

interface ParsedRound {
  before: Values;
  peer: Values;
  after: Values;
}

function seriesOf({ samples }: Exposition, rules: Rules): Values {
  return new Map(samples.filter(rules.compared).map((one) => [seriesName(one), one.value]));
}

function seriesName({ name, labels }: Sample): string {
  const sorted = Object.entries(labels).filter(([, value]) => value !== '');
  return `${name}${JSON.stringify(sorted.sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

function countersOf(text: string): ReadonlySet<string> {
  return new Set(
    parseExposition(text)
      .metrics.filter(({ type }) => type === 'counter')
      .map(({ name }) => name),
  );
}

function nameOf(series: string): string {
  return series.slice(0, series.indexOf('['));
}

function agree(
  round: ParsedRound,
  first: ParsedRound,
  series: string,
  { grown, counts }: { grown: boolean; counts: boolean },
): boolean {
  const since = (side: keyof ParsedRound) => (grown ? (first[side].get(series) ?? 0) : 0);
  const [before, peer, after] = (['before', 'peer', 'after'] as const).map((side) => round[side].get(series));
  if (before === undefined || peer === undefined || after === undefined) return false;
  const [low, value, high] = [before - since('before'), peer - since('peer'), after - since('after')];
  if (grown && round === first) return false;
  const share = counts && !grown ? rounding : tolerance;
  const slack = share * Math.max(Math.abs(low), Math.abs(high), Math.abs(value)) + (grown ? grownSlack(series) : 0);
  return value >= Math.min(low, high) - slack && value <= Math.max(low, high) + slack;
}

/** Growth is small, and a tick of CPU time or a page read between two scrapes is much of it. */
function grownSlack(series: string): number {
  return series.includes('_cpu_seconds_') ? 0.05 : 64;
}

function excused(rounds: readonly ParsedRound[], series: string, rules: Rules): boolean {
  return rounds.some(({ peer, after }) => {
    const [ours, theirs] = [after.get(series), peer.get(series)];
    if (ours === undefined && theirs !== undefined) return rules.mayLack(series, theirs, 'theirs');
    if (theirs === undefined && ours !== undefined) return rules.mayLack(series, ours, 'ours');
    return false;
  });
}

function tell(rounds: readonly ParsedRound[], series: string): string {
  const { before, peer, after } = rounds.at(-1)!;
  return `${series} ours ${before.get(series)} … ${after.get(series)}, theirs ${peer.get(series)}`;
}
