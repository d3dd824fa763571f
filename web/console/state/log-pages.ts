// Pages of the past of several logs as one: as far as all of them reach, so that what is read next never belongs in between.
import type { LogPage } from '../../../core/contracts/logs.ts';
import type { Api } from './api.ts';

export type PageTime = { before: string } | { at: string } | { after: string };

/** `paths` are those of the live logs. Rejects with an ApiError where one of them cannot be read. */
export async function readPages(
  server: Pick<Api, 'get'>,
  paths: readonly string[],
  time: PageTime,
  tail: number,
  signal: AbortSignal,
): Promise<LogPage> {
  const pages = await Promise.all(
    paths.map((path) => {
      const [base = '', asked] = path.split('?');
      const query = Object.fromEntries(new URLSearchParams(asked));
      delete query['follow'];
      return server.get<LogPage>(`${base}/past`, { ...query, tail, ...time }, signal);
    }),
  );
  return pages.length === 1 ? pages[0]! : mergePages(pages, time);
}

/** Lines that only some of them reach to are left for the next page. */
export function mergePages(pages: readonly LogPage[], asked: PageTime): LogPage {
  const full = pages.filter(({ items }) => items.length > 0);
  const begins = 'after' in asked ? [] : full.filter(({ older }) => older === 'more').map(({ items }) => items[0]!);
  const ends = 'before' in asked ? [] : full.filter(({ newer }) => newer).map(({ items }) => items.at(-1)!);
  const from = begins
    .map(({ time }) => time)
    .sort()
    .at(-1);
  const to = ends.map(({ time }) => time).sort()[0];
  const older = (['more', 'beyond', 'none'] as const).find((kind) => pages.some((page) => page.older === kind));
  return {
    items: pages
      .flatMap(({ items }) => items)
      .filter(({ time }) => (from === undefined || time >= from) && (to === undefined || time <= to))
      .sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time))),
    older: older ?? 'none',
    newer: pages.some(({ newer }) => newer),
    completeFrom:
      pages
        .map(({ completeFrom }) => completeFrom ?? '')
        .sort()
        .at(-1) || null,
    notes: pages.flatMap(({ notes }) => notes),
  };
}
