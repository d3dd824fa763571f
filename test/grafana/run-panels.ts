// Runs every query of every panel on a real Prometheus as Grafana would, and says which of them give no data.
import type { DashboardJson, PanelJson } from '../../grafana/build/schema.ts';
import { fillIn } from './promql.ts';

export interface Ran {
  /** `dashboard: panel, query`. */
  place: string;
  expr: string;
  /** Series with at least one number in them. */
  series: number;
  /** What Prometheus says against the query. */
  error: string | undefined;
}

const rangeSeconds = 30;

export async function runPanels(url: string, dashboards: readonly DashboardJson[]): Promise<Ran[]> {
  const queries = dashboards.flatMap((dashboard) =>
    dashboard.panels
      .filter((panel): panel is PanelJson => panel.type !== 'row')
      .flatMap(({ title, targets }) =>
        targets.map(({ expr, refId, range }) => ({ place: `${dashboard.uid}: ${title}, ${refId}`, expr, range })),
      ),
  );
  const ran: Ran[] = [];
  for (const { place, expr, range } of queries) {
    const { series, error } = await ask(url, fillIn(expr), range);
    ran.push({ place, expr, series: series.length, error });
  }
  return ran;
}

interface Answer {
  status: string;
  error?: string;
  data?: { result: ({ metric: Labels } & ({ values: [number, string][] } | { value: [number, string] }))[] };
}

type Labels = Readonly<Record<string, string>>;

interface Answered {
  /** Those with at least one number in them; `last` is the newest of its numbers. */
  series: { labels: Labels; last: number }[];
  error: string | undefined;
}

/** Over the last seconds, or only what stands now. */
export async function ask(url: string, expr: string, range: boolean): Promise<Answered> {
  const now = Date.now() / 1000;
  const form = range
    ? { query: expr, start: String(now - rangeSeconds), end: String(now), step: '5' }
    : { query: expr, time: String(now) };
  const response = await fetch(`${url}/api/v1/${range ? 'query_range' : 'query'}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as Answer;
  if (answer.status !== 'success') return { series: [], error: answer.error ?? `answered ${response.status}` };
  const series = answer.data!.result.flatMap((one) => {
    const numbers = ('values' in one ? one.values : [one.value]).map(([, text]) => Number(text));
    const last = numbers.findLast(Number.isFinite);
    return last === undefined ? [] : [{ labels: one.metric, last }];
  });
  return { series, error: undefined };
}
