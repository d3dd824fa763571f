// Machines as they are measured, and the swarm's nodes as they are kept: one works without the other, and says so.
import type { z } from 'zod';
import type { LiveValues } from '../../../core/contracts/live.ts';
import type { NodeView, nodeList } from '../../../core/contracts/nodes.ts';
import { nameVolumes } from '../values/engine-names.ts';
import type { Overview } from '../values/health.ts';
import { formatLabels, sayNode } from '../values/node-words.ts';
import { say } from '../values/units.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';
import { JoinForm } from './join-form.svelte.ts';
import { MetricCharts } from './metric-charts.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

type NodeList = z.infer<typeof nodeList>;
type Ground = Pick<
  App,
  'api' | 'queries' | 'router' | 'live' | 'danger' | 'toasts' | 'session' | 'ports' | 'time' | 'environments'
> & {
  readonly now: number;
};

export interface Machine {
  instance: string;
  /** Null where it is not known. */
  cpuRatio: number | null;
  memoryRatio: number | null;
  memoryBytes: number | null;
  diskRatio: number | null;
  load1: number | null;
  /** When the oldest of the values was taken, Unix seconds. */
  at: number;
  live: boolean;
}

const machineColumns: readonly Column<Machine>[] = [
  { key: 'machine', title: 'Machine', value: ({ instance }) => instance },
  { key: 'cpu', title: 'CPU', value: ({ cpuRatio }) => cpuRatio, unit: 'ratio' },
  { key: 'memory', title: 'Memory', value: ({ memoryRatio }) => memoryRatio, unit: 'ratio' },
  { key: 'bytes', title: 'Used', value: ({ memoryBytes }) => memoryBytes, unit: 'bytes', wide: true },
  { key: 'disk', title: 'Fullest disk', value: ({ diskRatio }) => diskRatio, unit: 'ratio' },
  { key: 'load', title: 'Load, 1 min', value: ({ load1 }) => load1, unit: 'none' },
  { key: 'age', title: 'Age', value: ({ at }) => at, narrow: 'state' },
];

const nodeColumns: readonly Column<NodeView>[] = [
  { key: 'name', title: 'Node', value: ({ name }) => name },
  { key: 'state', title: 'State', value: sayNode, narrow: 'state' },
  { key: 'why', title: 'Why', value: ({ message }) => message ?? '', hidden: true, narrow: 'words' },
  { key: 'role', title: 'Role', value: ({ role, leader }) => (leader ? 'manager, leads' : role) },
  { key: 'tasks', title: 'Tasks', value: ({ tasks }) => tasks, unit: 'count' },
  { key: 'cores', title: 'Cores', value: ({ cores }) => cores, unit: 'count', wide: true },
  { key: 'memory', title: 'Memory', value: ({ memoryBytes }) => memoryBytes, unit: 'bytes', wide: true },
  { key: 'labels', title: 'Labels', value: ({ labels }) => formatLabels(labels).replaceAll('\n', ' '), wide: true },
  { key: 'engine', title: 'Engine', value: ({ engineVersion }) => engineVersion, wide: true, mono: true },
  { key: 'address', title: 'Address', value: ({ address }) => address, hidden: true, mono: true },
];

/** A value older than this is not shown as the present one. */
const freshSeconds = 10;
/** Each has three charts: a page of more is Grafana's. */
const chartedMax = 4;
const fullFrom = 0.9;

export class NodesPage {
  /** Searched by the environment's id, too. */
  private readonly volumeColumn: Column<NodeView> = {
    ...{ key: 'volumes', title: 'Volumes', wide: true },
    value: (node) => [...new Set([...this.volumesOf(node), ...node.volumes])].join(' '),
  };
  private readonly app: Ground;
  readonly overview: Query<Overview>;
  readonly query: Query<NodeList>;
  readonly machineTable: TableState<Machine>;
  readonly nodeTable: TableState<NodeView>;
  readonly join: JoinForm;
  /** What the last change of a node met. */
  error = $state.raw<ApiError>();
  busy = $state(false);

  constructor(app: Ground) {
    this.app = app;
    const { queries, api, router } = app;
    this.overview = queries.get('overview', (signal) => api.get<Overview>('/overview', {}, signal));
    this.query = queries.get('nodes', (signal) => api.get<NodeList>('/nodes', {}, signal));
    this.join = new JoinForm(app);
    this.machineTable = new TableState({
      ...{ columns: machineColumns, router, sort: 'machine' },
      rows: () => this.machines ?? [],
      id: ({ instance }) => instance,
    });
    this.nodeTable = new TableState({
      ...{ columns: [...nodeColumns, this.volumeColumn], router, name: 'swarm', sort: 'name' },
      rows: () => this.nodes,
      id: ({ id }) => id,
    });
  }

  private readonly live = $derived.by(() => {
    const newest = this.app.live.newest('live');
    if (newest === undefined || this.app.now - newest.at > freshSeconds) return undefined;
    const { instance, node } = (newest.value ?? {}) as Partial<LiveValues>;
    return typeof instance === 'string' && typeof node === 'object' ? { instance, node, at: newest.at } : undefined;
  });

  /** Those that the overview has and the one heard live; undefined where nobody says anything. */
  readonly machines: readonly Machine[] | undefined = $derived.by(() => {
    const { data } = this.overview;
    const listed = data?.nodes.state === 'known' ? data.nodes.items : undefined;
    const heard = this.live !== undefined && !listed?.some(({ instance }) => instance === this.live?.instance);
    if (listed === undefined && !heard) return undefined;
    const fresh = heard ? [silentNode(this.live!.instance)] : [];
    return [...(listed ?? []), ...fresh].map((one) => this.measure(one, data?.atSeconds ?? 0));
  });
  /** Why only the machine that is heard live is known. */
  readonly othersUnknown = $derived.by(() =>
    this.machines !== undefined && this.overview.data?.nodes.state === 'unknown'
      ? this.overview.data.nodes.reason
      : undefined,
  );
  readonly machinesUnknown = $derived.by(() => {
    const nodes = this.overview.data?.nodes;
    return nodes?.state === 'unknown' ? nodes.reason : undefined;
  });

  /** Apart from the values that move: the same machines keep their charts. */
  private readonly charted = $derived.by(() =>
    (this.machines ?? [])
      .slice(0, chartedMax)
      .map(({ instance }) => instance)
      .join(' '),
  );
  readonly charts = $derived.by(() =>
    this.charted.split(' ').flatMap((id) => (id === '' ? [] : [new MetricCharts(this.app, { of: 'node', id })])),
  );

  readonly mayRead = $derived.by(() => this.app.session.can('node:read'));
  readonly nodes: readonly NodeView[] = $derived.by(() => this.query.data?.items ?? []);
  readonly alone = $derived.by(() => this.query.data?.swarm === 'none');
  /** The one that is looked at, as the address says. */
  readonly open = $derived.by(() => this.nodes.find(({ id }) => id === this.app.router.query['node']));

  readonly sentence = $derived.by(() => {
    const parts = [this.sayMachines(), this.saySwarm()].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : `${parts.join('; ')}.`;
  });

  follow(running: () => boolean): Stop {
    const stops = [
      this.overview.follow(15, running),
      this.app.live.watch(['live']),
      ...(this.mayRead ? [this.query.follow(10, running)] : []),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Each by its name and where it belongs. */
  volumesOf({ volumes }: NodeView): string[] {
    return volumes.map((volume) => this.named(volume));
  }

  /** A text of the server's with the environments' names in it. */
  named(text: string): string {
    return nameVolumes(text, this.app.environments.names);
  }

  look(node: NodeView | undefined): void {
    this.error = undefined;
    this.app.router.setQuery({ node: node?.id });
  }

  /** Drained, its tasks go elsewhere; what lies on it alone is named by the server, and drained only after one more word. */
  async setAvailability(node: NodeView, availability: NodeView['availability']): Promise<void> {
    const patch = (more: object) => this.app.api.patch(`/nodes/${node.id}`, { availability, ...more });
    const said = { active: 'takes tasks', pause: 'takes no new tasks', drain: 'is being drained' }[availability];
    const done = await this.act(`${node.name} ${said}.`, () => patch({}));
    if (done || this.error?.kind !== 'volume-node') return;
    const sure = await this.app.danger.ask({
      title: `Drain ${node.name} although volumes lie on it`,
      lost: `${this.volumesOf(node).join(', ')} lies on ${node.name} alone: what mounts it waits until the node is active again.`,
      button: 'Drain it all the same',
    });
    if (sure) await this.act(`${node.name} is being drained.`, () => patch({ despiteVolumes: true }));
  }

  async setRole(node: NodeView, role: NodeView['role']): Promise<void> {
    const sure = await this.app.danger.ask({
      title: role === 'manager' ? `Promote ${node.name}` : `Demote ${node.name}`,
      lost:
        role === 'manager'
          ? 'A manager holds the secrets of the swarm and takes part in every decision; one or three are best.'
          : `${node.name} keeps its tasks and no longer takes part in decisions.`,
      button: role === 'manager' ? 'Promote' : 'Demote',
    });
    if (!sure) return;
    const done = role === 'manager' ? 'is a manager' : 'is a worker';
    await this.act(`${node.name} ${done}.`, () => this.app.api.put(`/nodes/${node.id}/role`, { role }));
  }

  setLabels(node: NodeView, labels: Readonly<Record<string, string>>): Promise<boolean> {
    return this.act(`Labels of ${node.name} changed.`, () => this.app.api.patch(`/nodes/${node.id}`, { labels }));
  }

  async remove(node: NodeView): Promise<void> {
    const sure = await this.app.danger.ask({
      ...{ title: `Remove ${node.name}`, type: node.name, button: 'Remove the node' },
      lost: 'The swarm forgets it, with its labels. To come back it must leave and join anew.',
    });
    if (!sure) return;
    if (await this.act(`${node.name} is removed.`, () => this.app.api.delete(`/nodes/${node.id}`)))
      this.look(undefined);
  }

  /** Refusals stay beside what was asked: they say what to do first. */
  private async act(done: string, call: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = undefined;
    try {
      await call();
      this.app.toasts.done(done);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind !== 'confirm-first') this.error = error;
      return false;
    } finally {
      this.busy = false;
      void this.query.refresh();
    }
  }

  private measure(one: NodeItem, readAt: number): Machine {
    const known = (reading: NodeItem['load1']) => (reading.state === 'known' ? reading.value : null);
    const { instance } = one;
    const machine = {
      ...{ instance, diskRatio: known(one.diskRatio), load1: known(one.load1) },
      ...{ cpuRatio: known(one.cpuRatio), memoryRatio: known(one.memoryRatio) },
    };
    if (this.live?.instance !== instance) return { ...machine, memoryBytes: null, at: readAt, live: false };
    const { cpuRatio, memoryUsedBytes: used, memoryTotalBytes: total } = this.live.node;
    const memoryRatio = used !== undefined && total ? used / total : machine.memoryRatio;
    const cpu = cpuRatio ?? machine.cpuRatio;
    return { ...machine, cpuRatio: cpu, memoryRatio, memoryBytes: used ?? null, at: this.live.at, live: true };
  }

  private sayMachines(): string | undefined {
    if (this.overview.data === undefined) return undefined;
    const { machines } = this;
    if (machines === undefined) return 'What the machines do is unknown';
    const [first] = machines;
    const others = this.othersUnknown === undefined ? '' : ', what other machines do is unknown';
    if (first === undefined) return 'No machine is measured';
    if (machines.length === 1)
      return `${first.instance} uses ${say(first.cpuRatio, 'ratio')} of its CPUs and ${say(first.memoryRatio, 'ratio')} of its memory${others}`;
    const full = machines.filter(({ memoryRatio, diskRatio }) => Math.max(memoryRatio ?? 0, diskRatio ?? 0) > fullFrom);
    return `${machines.length} machines measured, ${full.length === 0 ? 'none' : full.length} nearly full`;
  }

  private saySwarm(): string | undefined {
    if (this.query.data === undefined) return undefined;
    if (this.alone) return 'no swarm';
    const ready = this.nodes.filter(({ state, availability }) => state === 'ready' && availability === 'active').length;
    return `${ready} of ${this.nodes.length} ${this.nodes.length === 1 ? 'node takes' : 'nodes take'} tasks`;
  }
}

type NodeItem = Extract<Overview['nodes'], { state: 'known' }>['items'][number];

/** One that Prometheus does not tell of: what does not come live is unknown. */
function silentNode(instance: string): NodeItem {
  const unknown = { state: 'unknown' as const, reason: 'Prometheus has nothing of it' };
  return { instance, cpuRatio: unknown, memoryRatio: unknown, diskRatio: unknown, load1: unknown };
}
