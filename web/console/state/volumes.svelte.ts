// Volumes of an environment: where each lies, how full it is of its budget, what uses it; deleted only with its name typed.
import type { VolumeView } from '../../../core/contracts/volumes.ts';
import type { Meaning } from '../values/meaning.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { Sending } from './sending.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'router' | 'attempt' | 'danger' | 'ports' | 'toasts'>;

const mebibyte = 1_048_576;

const columns: readonly Column<VolumeView>[] = [
  { key: 'name', title: 'Volume', value: ({ name }) => name },
  { key: 'state', title: 'State', value: ({ state }) => state, narrow: 'state' },
  { key: 'bytes', title: 'Size', value: ({ bytes }) => bytes, unit: 'bytes' },
  { key: 'budget', title: 'Budget', value: ({ budgetBytes }) => budgetBytes, unit: 'bytes' },
  { key: 'users', title: 'Used by', value: (one) => usersOf(one).join(' ') },
  { key: 'node', title: 'Node', value: ({ node }) => node.name ?? node.id, wide: true },
  { key: 'acts', title: 'Delete', value: () => '', narrow: 'act' },
];

export class VolumesPage {
  private readonly app: Ground;
  private readonly path: string;
  readonly query: Query<{ items: readonly VolumeView[] }>;
  readonly table: TableState<VolumeView>;
  readonly sending: Sending;
  opened = $state(false);
  name = $state('vol-');
  budgetMebibytes = $state('');

  constructor(app: Ground, environment: string) {
    this.app = app;
    this.path = `/environments/${environment}/volumes`;
    this.query = app.queries.get(`volumes ${environment}`, (signal) => app.api.get(this.path, {}, signal));
    this.sending = new Sending(app.ports);
    this.table = new TableState({
      ...{ columns, router: app.router, sort: 'name' },
      rows: () => this.query.data?.items ?? [],
      id: ({ name }) => name,
    });
  }

  readonly sentence = $derived.by(() => {
    const items = this.query.data?.items;
    if (items === undefined) return undefined;
    const over = items.filter((one) => meaningOfVolume(one) === 'warning').length;
    const missing = items.filter(({ state }) => state === 'missing').length;
    const all = items.length === 1 ? '1 volume' : `${items.length} volumes`;
    const more = [over > 0 ? `${over} over budget` : '', missing > 0 ? `${missing} missing` : ''].filter(Boolean);
    return `${[all, ...more].join(', ')}.`;
  });

  open(): void {
    [this.opened, this.name, this.budgetMebibytes] = [true, 'vol-', ''];
    this.sending.error = undefined;
  }

  close(): void {
    this.opened = false;
  }

  readonly ready = $derived(
    /^vol-[a-z0-9]/.test(this.name.trim()) && /^([1-9]\d{0,8})?$/.test(this.budgetMebibytes.trim()),
  );

  async submit(): Promise<void> {
    if (!this.ready) return;
    const budget = this.budgetMebibytes.trim();
    const body = { name: this.name.trim(), budgetBytes: budget === '' ? null : Number(budget) * mebibyte };
    if (!(await this.sending.run((key) => this.app.api.post(this.path, body, { key })))) return;
    this.app.toasts.done(`${body.name} is made.`);
    this.close();
    await this.query.refresh();
  }

  async remove({ name }: VolumeView): Promise<void> {
    const sure = await this.app.danger.ask({
      title: `Delete the volume ${name}`,
      lost: 'All that is in it goes for good; nothing brings it back.',
      ...{ type: name, button: 'Delete the volume' },
    });
    if (!sure) return;
    await this.app.attempt(`${name} is deleted.`, () =>
      this.app.api.delete(`${this.path}/${name}`, { query: { confirm: name } }),
    );
    await this.query.refresh();
  }
}

/** Over its budget is a warning, nothing more: the engine enforces none. What was not measured is unknown. */
export function meaningOfVolume({ state, bytes, budgetBytes }: VolumeView): Meaning {
  if (state === 'missing') return 'critical';
  if (state === 'unknown') return 'unknown';
  return bytes !== null && budgetBytes !== null && bytes > budgetBytes ? 'warning' : 'ok';
}

export function sayVolume(one: VolumeView): string {
  if (meaningOfVolume(one) === 'warning') return 'over budget';
  if (one.state !== 'present') return one.state;
  return one.attached === null ? 'there, use unknown' : one.attached ? 'in use' : 'not in use';
}

export function usersOf({ usedBy }: Pick<VolumeView, 'usedBy'>): readonly string[] {
  return [...new Set(usedBy.map(({ deployment }) => deployment))].sort();
}
