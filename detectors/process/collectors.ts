// Where the collectors are, as Prometheus scrapes them, and one machine's whole snapshot of processes, page by page.
import { z } from 'zod';
import { type ProcessFacts, type ProcessPage, processPage } from '../../core/contracts/processes.ts';
import type { Prometheus } from '../../core/runtime/prometheus.ts';
import { type FetchPorts, fetchJson } from '../fetch-json.ts';

export interface CollectorTarget {
  instance: string;
  /** Without a path: "http://127.0.0.1:9401". */
  origin: string;
}

export interface ProcessSnapshot {
  takenAtSeconds: number;
  scanGapSeconds: number;
  processes: ProcessFacts[];
  omitted: number;
}

const targetsMax = 256;
const pagesMax = 32;

const targets = z.object({
  activeTargets: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      scrapeUrl: z.string(),
      health: z.string(),
    }),
  ),
});

/** The collectors that Prometheus reaches, one an instance. */
export async function findCollectors(prometheus: Prometheus): Promise<CollectorTarget[]> {
  const { activeTargets } = targets.parse(await prometheus.get('/api/v1/targets'));
  const found = new Map<string, CollectorTarget>();
  for (const { labels, scrapeUrl, health } of activeTargets) {
    if (labels.job !== 'node' || health !== 'up' || !labels.instance || !URL.canParse(scrapeUrl)) continue;
    found.set(labels.instance, { instance: labels.instance, origin: new URL(scrapeUrl).origin });
  }
  return [...found.values()].slice(0, targetsMax);
}

/** All pages of one snapshot; rejects when one is missing, or is of another snapshot or machine. */
export async function readProcesses(
  { instance, origin }: CollectorTarget,
  token: string,
  ports: FetchPorts,
): Promise<ProcessSnapshot> {
  let cursor: string | null = null;
  let first: ProcessPage | undefined;
  const processes: ProcessFacts[] = [];
  for (let pages = 0; pages < pagesMax; pages++) {
    const query: string = cursor === null ? '' : `?${new URLSearchParams({ cursor })}`;
    const page = processPage.parse(await fetchJson(`${origin}/v1/processes${query}`, token, ports));
    first ??= page;
    if (page.takenAtSeconds !== first.takenAtSeconds) throw new Error(`the pages of ${instance} are of two snapshots`);
    processes.push(...page.processes);
    cursor = page.nextCursor;
    if (cursor === null) {
      const { takenAtSeconds, scanGapSeconds, omitted } = first;
      return { takenAtSeconds, scanGapSeconds, processes, omitted };
    }
  }
  throw new Error(`${instance} has more than ${pagesMax} pages of processes`);
}
