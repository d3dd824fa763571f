// Known or unknown: numbers and lists that never turn silence into 0 or into "nothing there".
import type { z } from 'zod';
import type { reading } from '../../../core/contracts/api-watch.ts';

export type Reading = z.infer<typeof reading>;
export type Section<T> = { state: 'known'; items: T[] } | { state: 'unknown'; reason: string };

export interface Series {
  labels: Readonly<Record<string, string>>;
  value: number;
}

export function unknown(reason: string): { state: 'unknown'; reason: string } {
  return { state: 'unknown', reason: reason.slice(0, 300) };
}

/** The value of the one series whose labels fit all of `wanted`; none, two, NaN and infinities are unknown. */
export function readOne(series: readonly Series[], wanted: Readonly<Record<string, string>>): Reading {
  const fitting = series.filter(({ labels }) =>
    Object.entries(wanted).every(([name, value]) => labels[name] === value),
  );
  if (fitting.length === 0) return unknown('no data');
  if (fitting.length > 1) return unknown(`${fitting.length} series where one is expected`);
  const [{ value }] = fitting as [Series];
  return Number.isFinite(value) ? { state: 'known', value } : unknown('not a number');
}

/** The distinct values of some labels over several answers, in order. */
export function keysOf<const L extends string>(
  answers: readonly (readonly Series[])[],
  names: readonly L[],
): Record<L, string>[] {
  const seen = new Map<string, Record<L, string>>();
  for (const { labels } of answers.flat()) {
    if (names.some((name) => labels[name] === undefined)) continue;
    const key = Object.fromEntries(names.map((name) => [name, labels[name]!])) as Record<L, string>;
    seen.set(names.map((name) => key[name]).join('\0'), key);
  }
  return [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

/** The list, or why it could not be read: a failure is never an empty list. */
export async function sectionOf<T>(read: () => Promise<T[]>): Promise<Section<T>> {
  try {
    return { state: 'known', items: await read() };
  } catch (error) {
    return unknown((error as Error).message);
  }
}
