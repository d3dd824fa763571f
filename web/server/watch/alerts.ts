// What fires, with the words that its rule has for it: since when, on what, and what to do.
import { z } from 'zod';
import type { alertView, runbookView } from '../../../core/contracts/api-watch.ts';
import type { Prometheus } from '../../../core/runtime/prometheus.ts';
import { UserError } from '../user-error.ts';

const texts = z.record(z.string(), z.string());
const answer = z.object({
  alerts: z.array(
    z.object({ labels: texts, annotations: texts.default({}), state: z.string(), activeAt: z.string().optional() }),
  ),
});

/** Alerts that fire, as Prometheus judges them at this moment; rejects when it cannot be asked. */
export async function readAlerts(prometheus: Pick<Prometheus, 'get'>): Promise<z.infer<typeof alertView>[]> {
  const { alerts } = answer.parse(await prometheus.get('/api/v1/alerts'));
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels: { alertname = '', severity = '', ...labels }, annotations, activeAt }) => ({
      ...{ name: alertname, severity, labels },
      since: secondsOf(activeAt),
      summary: annotations['summary'] ?? null,
      description: annotations['description'] ?? null,
    }));
}

function secondsOf(time: string | undefined): number | null {
  const milliseconds = Date.parse(time ?? '');
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : null;
}

/** What to do when an alert fires, by its name: the section of a runbook that is headed like it. */
export type Runbooks = ReadonlyMap<string, string>;

/** Sections of Markdown texts by their heading of the second level. Cost: one pass. */
export function sectionsOf(texts: readonly string[]): Runbooks {
  const sections = texts.flatMap((text) => text.split(/^## /m).slice(1));
  return new Map(
    sections.map((section): [string, string] => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading.trim(), lines.join('\n').trim()];
    }),
  );
}

/** Throws UserError for an alert that none of our rules raises. */
export function findRunbook(runbooks: Runbooks, alert: string): z.infer<typeof runbookView> {
  const text = runbooks.get(alert);
  if (text === undefined)
    throw new UserError(404, 'no-runbook', 'No rule of Odyssey has this name, so there is no runbook for it here.');
  return { alert, text };
}
