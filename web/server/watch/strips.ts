// How unusual the most telling things were, minute by minute: one question to Prometheus for all of them.
import type { z } from 'zod';
import type { strips, stripsQuery } from '../../../core/contracts/api-watch.ts';
import type { Prometheus, RangeSeries } from '../../../core/runtime/prometheus.ts';
import { UserError } from '../user-error.ts';
import { type AnomalyPorts, readThings } from './anomalies.ts';
import { selector } from './promql.ts';

type Strips = z.infer<typeof strips>;
type Strip = Strips['items'][number];

const cellSeconds = 60;
/** A day: a screen has no room for more minutes. */
const cellsMax = 1_440;

/**
 * The highest score of each whole minute from start to end, of the first things that the overview lists. A minute in which nothing was judged is
 * null. Throws UserError for a span that cannot be.
 */
export async function readStrips(
  ports: AnomalyPorts & { prometheus: Prometheus },
  { start, end, limit }: z.infer<typeof stripsQuery>,
): Promise<Strips> {
  const first = Math.floor(start / cellSeconds);
  const cells = Math.ceil(end / cellSeconds) - first;
  if (end <= start || cells > cellsMax)
    throw new UserError(422, 'bad-range', `Give an end after the start, and at most ${cellsMax} minutes between them.`);
  const { items } = await readThings(ports);
  const things = items
    .slice(0, limit)
    .map(({ detector, labels, metric, unit }) => ({ detector, labels, metric, unit }));
  const head = { startSeconds: first * cellSeconds, cellSeconds };
  if (things.length === 0) return { ...head, items: [] };
  // At a time, the minute that ends there: the first whole minute is known at its end.
  const found = await ports.prometheus.queryRange(things.map(minuteOf).join(' or '), {
    startSeconds: (first + 1) * cellSeconds,
    endSeconds: (first + cells) * cellSeconds,
    stepSeconds: cellSeconds,
  });
  const strips = things.map((thing) => ({ ...thing, scores: cellsOf(found, thing, first, cells) }));
  const runs = (first + cells) * cellSeconds > ports.unixSeconds();
  return { ...head, items: runs ? withoutUnjudgedEnd(strips) : strips };
}

/** A minute that has just begun is not unknown: nobody has been asked about it yet. */
function withoutUnjudgedEnd(strips: readonly Strip[]): Strip[] {
  const judged = strips.some(({ scores }) => scores.length < 2 || scores.at(-1) !== null);
  return judged ? [...strips] : strips.map((one) => ({ ...one, scores: one.scores.slice(0, -1) }));
}

type Thing = Omit<Strip, 'scores'>;

function minuteOf(thing: Thing): string {
  return `max_over_time(${selector('anomaly_score', labelsOf(thing))}[${cellSeconds}s])`;
}

function labelsOf({ detector, labels, metric }: Thing): Record<string, string> {
  return { ...labels, metric, detector };
}

/** Of two series that fit nobody could say which is meant: then nothing is known. */
function cellsOf(found: readonly RangeSeries[], thing: Thing, first: number, cells: number): Strip['scores'] {
  const wanted = Object.entries(labelsOf(thing));
  const fitting = found.filter(({ labels }) => wanted.every(([name, value]) => labels[name] === value));
  const scores = Array.from<number | null>({ length: cells }).fill(null);
  if (fitting.length !== 1) return scores;
  const { times, values } = fitting[0]!;
  for (const [place, at] of times.entries()) {
    const cell = Math.round(at / cellSeconds) - 1 - first;
    if (cell >= 0 && cell < cells && Number.isFinite(values[place])) scores[cell] = values[place]!;
  }
  return scores;
}
