// Which lines a reader asked for: those with the text and of the levels, and of the past the last so many.
import type { LogLevel, LogLine, LogQuery } from '../../../core/contracts/logs.ts';

export type LineFilter = (line: LogLine) => boolean;

/** The text is looked for as it is, whatever its case: no pattern of a reader's runs here. */
export function filterOf({ search, levels }: Pick<LogQuery, 'search' | 'levels'>): LineFilter {
  const wanted = search?.toLowerCase();
  const kept = levels === undefined ? undefined : new Set(levels.split(',') as LogLevel[]);
  return ({ text, level }) =>
    (kept === undefined || kept.has(level)) && (wanted === undefined || text.toLowerCase().includes(wanted));
}

/** What the engine is asked for: with a filter more than is shown, as only some of it fits. */
export function tailToRead({ tail, search, levels }: LogQuery): number {
  const filtered = search !== undefined || levels !== undefined;
  return tail === 0 ? 0 : filtered ? 10_000 : tail;
}

/** `1763730000.123` of a time as the engine writes it, cut to the millisecond; undefined where it is none. */
export function toUnixSeconds(time: string): number | undefined {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
