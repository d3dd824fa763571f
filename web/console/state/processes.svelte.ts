// Processes of the machine and those that look like threats: the busiest first, a machine without a report is unknown.
import type { z } from 'zod';
import type { processes } from '../../../core/contracts/api-watch.ts';
import type { ProcessFacts } from '../../../core/contracts/processes.ts';
import type { Threat } from '../../../core/contracts/threats.ts';
import { type Threats, threatsUnknown, wordsOf } from '../values/threat-words.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

type ProcessList = z.infer<typeof processes>;

export interface FoundThreat extends Threat {
  instance: string;
}

const threatColumns: readonly Column<FoundThreat>[] = [
  { key: 'score', title: 'Evidence', value: ({ score }) => score, unit: 'count' },
  { key: 'tier', title: 'Tier', value: ({ tier }) => tier, narrow: 'state' },
  { key: 'category', title: 'Looks like', value: ({ category }) => wordsOf(category), narrow: 'lead' },
  { key: 'why', title: 'Why', value: ({ reasons }) => reasons.join(' '), narrow: 'words' },
  { key: 'since', title: 'Began', value: ({ startedAtSeconds }) => startedAtSeconds },
  { key: 'pid', title: 'PID', value: ({ pid }) => pid, mono: true },
  { key: 'container', title: 'Where', value: whereOf },
  { key: 'command', title: 'Command line', value: ({ commandLine }) => commandLine, mono: true, wide: true },
  { key: 'techniques', title: 'ATT&CK', value: ({ techniques }) => techniques.join(' '), hidden: true },
  { key: 'instance', title: 'Machine', value: ({ instance }) => instance, hidden: true },
];

const processColumns: readonly Column<ProcessFacts>[] = [
  { key: 'cpu', title: 'CPU', value: ({ cpuCores }) => cpuCores, unit: 'cores', narrow: 'state' },
  { key: 'comm', title: 'Program', value: ({ comm }) => comm, narrow: 'lead' },
  { key: 'pid', title: 'PID', value: ({ pid }) => pid, mono: true },
  { key: 'uid', title: 'User', value: ({ uid }) => uid, wide: true },
  { key: 'where', title: 'Where', value: whereOf },
  { key: 'ports', title: 'Listens', value: ({ listeningPorts }) => listeningPorts?.join(', '), wide: true, mono: true },
  { key: 'argv', title: 'Command line', value: commandOf, wide: true, mono: true, narrow: 'words' },
  { key: 'exe', title: 'Program file', value: ({ exe }) => exe, hidden: true, mono: true },
];

const processesRead = 200;
const tabs = ['threats', 'allowed', 'processes'] as const;
type ProcessTab = (typeof tabs)[number];

export class ProcessesPage {
  readonly threatQuery: Query<Threats>;
  readonly processQuery: Query<ProcessList>;
  readonly threatTable: TableState<FoundThreat>;
  readonly processTable: TableState<ProcessFacts>;
  private readonly router: App['router'];

  constructor({ api, queries, router }: Pick<App, 'api' | 'queries' | 'router'>) {
    this.router = router;
    this.threatQuery = queries.get('threats', (signal) => api.get<Threats>('/threats', {}, signal));
    this.processQuery = queries.get('processes', (signal) =>
      api.get<ProcessList>('/processes', { limit: String(processesRead) }, signal),
    );
    this.threatTable = new TableState({
      ...{ columns: threatColumns, router, name: 'threats', sort: '-score' },
      rows: () => this.threats,
      id: ({ instance, pid, startedAtSeconds }) => `${instance} ${pid} ${startedAtSeconds ?? ''}`,
    });
    this.processTable = new TableState({
      ...{ columns: processColumns, router, name: 'processes', sort: '-cpu' },
      rows: () => this.processQuery.data?.items ?? [],
      id: ({ pid, startedAtSeconds }) => `${pid} ${startedAtSeconds ?? ''}`,
    });
  }

  get tab(): ProcessTab {
    return tabs.find((one) => one === this.router.query['tab']) ?? 'threats';
  }

  /** Undefined where no machine has reported: unknown, not clean. */
  private readonly reports = $derived.by(() => {
    const { data } = this.threatQuery;
    return data?.state === 'known' ? data.items : undefined;
  });
  readonly threats: readonly FoundThreat[] = $derived(
    (this.reports ?? []).flatMap(({ instance, threats: found }) => found.map((threat) => ({ ...threat, instance }))),
  );
  readonly counted = $derived(this.threats.filter(({ allowedBy }) => allowedBy === undefined));
  readonly unknown = $derived.by(() => this.threatQuery.data && threatsUnknown(this.threatQuery.data));
  /** The longest time that a process could have lived unseen, by the slowest machine. */
  readonly gapSeconds = $derived(
    this.reports && Math.max(0, ...this.reports.map(({ scanGapSeconds }) => scanGapSeconds)),
  );
  readonly omitted = $derived((this.reports ?? []).reduce((sum, { omitted }) => sum + omitted, 0));

  /** Whether there are processes that were not asked for. */
  readonly more = $derived.by(() => {
    const { data } = this.processQuery;
    return data !== undefined && (data.next !== null || data.omitted > 0);
  });

  readonly sentence = $derived.by(() => {
    if (this.threatQuery.data === undefined) return undefined;
    if (this.unknown !== undefined) return 'Whether anything looks like a threat is unknown.';
    const critical = this.counted.filter(({ tier }) => tier === 'critical').length;
    if (this.counted.length === 0) return 'No process looks like a threat.';
    const all = `${this.counted.length} ${this.counted.length === 1 ? 'process looks' : 'processes look'} like a threat`;
    return critical === 0 ? `${all}, none of them critical.` : `${all}, ${critical} of them critical.`;
  });

  /** Reads both now, and again every 15 seconds while time is not paused. */
  follow(running: () => boolean): () => void {
    const stops = [this.threatQuery.follow(15, running), this.processQuery.follow(15, running)];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

function whereOf({ container }: { container?: string | null | undefined | { name: string } }): string | undefined {
  if (container === undefined) return undefined;
  if (container === null) return 'host';
  return typeof container === 'string' ? container : container.name;
}

function commandOf({ argv }: ProcessFacts): string {
  return argv.join(' ');
}
