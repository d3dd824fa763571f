// Processes and threats of the machine, relayed from the collector and the process detector.
import type { z } from 'zod';
import type { processes, threats } from '../../../core/contracts/api-watch.ts';
import { type ProcessFacts, type ProcessPage, processPage } from '../../../core/contracts/processes.ts';
import { threatList } from '../../../core/contracts/threat-list.ts';
import { type FetchPorts, fetchJson } from './fetch-json.ts';
import { sayNoAnswer } from './neighbours.ts';
import { unknown } from './reading.ts';

export interface MachinePorts {
  collector: string;
  processDetector: string;
  http: FetchPorts;
  /** The token of `<data>/run/<name>.token`; throws where there is none yet. */
  token(name: 'collector' | 'detectors'): string;
}

const pagesMax = 32;

/** One page of the processes that hold the text in their name or command line, busiest first; `after` counts those already seen. */
export async function readProcesses(
  ports: MachinePorts,
  { search, after, limit }: { search: string; after: number; limit: number },
): Promise<Omit<z.infer<typeof processes>, 'next'> & { more: boolean }> {
  const { all, last } = await readWhole(ports);
  const fitting = all.filter((one) => fits(one, search.toLowerCase())).sort(busiestFirst);
  const { instance, takenAtSeconds, scanGapSeconds, omitted } = last;
  const items = fitting.slice(after, after + limit);
  return { instance, takenAtSeconds, scanGapSeconds, omitted, items, more: after + items.length < fitting.length };
}

/** All pages of one snapshot; at most 32, what lies beyond is a failure and not silence. */
async function readWhole(ports: MachinePorts): Promise<{ all: ProcessFacts[]; last: ProcessPage }> {
  const all: ProcessFacts[] = [];
  let cursor = '';
  for (let i = 0; i < pagesMax; i++) {
    const query = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const token = ports.token('collector');
    const last = processPage.parse(await fetchJson(`${ports.collector}/v1/processes${query}`, ports.http, { token }));
    all.push(...last.processes);
    if (last.nextCursor === null) return { all, last };
    cursor = last.nextCursor;
  }
  throw new Error(`the collector's list has more than ${pagesMax} pages`);
}

function fits({ comm = '', argv }: ProcessFacts, search: string): boolean {
  return comm.toLowerCase().includes(search) || argv.some((part) => part.toLowerCase().includes(search));
}

function busiestFirst(a: ProcessFacts, b: ProcessFacts): number {
  return (b.cpuCores ?? -1) - (a.cpuCores ?? -1) || a.pid - b.pid;
}

export async function readThreats(ports: MachinePorts): Promise<z.infer<typeof threats>> {
  try {
    const token = ports.token('detectors');
    const told = await fetchJson(`${ports.processDetector}/v1/threats`, ports.http, { token });
    return { state: 'known', items: threatList.parse(told).reports };
  } catch (error) {
    return unknown(sayNoAnswer('detectors', error));
  }
}
