// The cells of a heat strip: one row for each entity, one cell a minute, the most unusual now on top.
import { type RarityLevel, rarityLevel } from './rarity.ts';

/** What a cell shows: a step of the rarity scale, hatched for unknown, dotted while it learns. */
export type HeatCell = RarityLevel | 'unknown' | 'warming';

export interface HeatRow {
  id: string;
  title: string;
  /** What kind of thing it is, in a word. */
  hint?: string;
  href?: string | undefined;
  /** Score of each cell, oldest first; null where nothing is known. */
  scores: readonly (number | null)[];
  /** It has not learnt enough to judge. */
  warming: boolean;
}

export const cellSeconds = 60;

/** A day: more cannot be seen. */
const cellsMax = 1_440;

/** The minutes from start to end while nothing is known of them, at most a day. */
export function emptyCells(start: number, end: number): null[] {
  const count = Math.ceil(end / cellSeconds) - Math.floor(start / cellSeconds);
  return Array.from({ length: Math.min(cellsMax, Math.max(1, count)) }, () => null);
}

export function cellKind(score: number | null | undefined, warming: boolean): HeatCell {
  if (score === null || score === undefined) return warming ? 'warming' : 'unknown';
  return rarityLevel(score);
}

/** Most unusual in the last five cells first, then most unusual ever, then by name: an ordinary machine keeps its order. */
export function sortRows<Row extends HeatRow>(rows: readonly Row[]): Row[] {
  const weight = ({ scores }: Row): [number, number] => [rarest(scores.slice(-5)), rarest(scores)];
  return rows
    .map((row) => ({ row, weight: weight(row) }))
    .sort(
      (a, b) =>
        b.weight[0] - a.weight[0] ||
        b.weight[1] - a.weight[1] ||
        a.row.title.localeCompare(b.row.title, 'en', { numeric: true }),
    )
    .map(({ row }) => row);
}

/** Steps from 2 (1 in 100) on count: what happens within the ordinary moves nothing. Nothing known is least. */
function rarest(scores: readonly (number | null)[]): number {
  return scores.reduce<number>((most, score) => {
    if (score === null) return most;
    const level = rarityLevel(score);
    return Math.max(most, level < 2 ? 0 : level);
  }, -1);
}
