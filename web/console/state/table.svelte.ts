// A table as a person set it up: sorted, filtered, columns chosen, rows marked. All of it but the marks lives in the address.
import type { NarrowPlace } from '../values/narrow-row.ts';
import type { Unit } from '../values/units.ts';
import type { Router } from './router.svelte.ts';

type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  key: string;
  title: string;
  /** What is sorted by, searched in, and shown where the page draws no cell of its own. Null is not known: it comes last. */
  value(row: Row): Cell;
  /** Makes it a number, at the right, in tabular figures. */
  unit?: Unit;
  /** Not shown until a person asks for it. */
  hidden?: boolean;
  /** Left out on a phone, unless it has its place there. */
  wide?: boolean;
  /** Where it stands on a phone, whose rows have no columns; with it, it is shown there even where it is hidden otherwise. */
  narrow?: NarrowPlace;
  mono?: boolean;
}

export interface TableSetup<Row> {
  columns: readonly Column<Row>[];
  rows(): readonly Row[];
  /** Names a row for as long as it lives. */
  id(row: Row): string;
  router: Pick<Router, 'query' | 'setQuery'>;
  /** Begins every name in the address: two tables on a page need two. */
  name?: string;
  /** The column sorted by at first; a minus before it for the largest first. */
  sort?: string;
}

/** Rows keep their places while values move; `resort` puts them in order again. */
export class TableState<Row> {
  readonly setup: TableSetup<Row>;
  private readonly name: string;
  marked = $state.raw<ReadonlySet<string>>(new Set());
  /** The row that the keyboard is on. */
  focused = $state<string>();
  private turn = $state(0);
  private placed: { asked: string; order: ReadonlyMap<string, number> } = { asked: '', order: new Map() };

  constructor(setup: TableSetup<Row>) {
    this.setup = setup;
    this.name = setup.name ?? 't';
  }

  get sort(): { key: string; falling: boolean } {
    const text = this.setup.router.query[`${this.name}.sort`] ?? this.setup.sort ?? '';
    const key = text.replace(/^-/, '');
    return { key, falling: text.startsWith('-') };
  }

  get filter(): string {
    return this.setup.router.query[`${this.name}.q`] ?? '';
  }

  /** As a person chose them, on every screen alike. */
  private readonly chosen = $derived.by(() => {
    const keys = this.setup.router.query[`${this.name}.cols`]?.split(',');
    return keys && this.setup.columns.filter(({ key }) => keys.includes(key));
  });
  readonly columns = $derived.by(() => this.chosen ?? this.setup.columns.filter(({ hidden }) => !hidden));
  /** Where rows have no columns. */
  readonly narrowColumns = $derived.by(
    () =>
      this.chosen ?? this.setup.columns.filter(({ hidden, wide, narrow }) => narrow !== undefined || !(hidden || wide)),
  );

  private readonly fitting = $derived.by(() => {
    const words = this.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const { columns } = this.setup;
    if (words.length === 0) return [...this.setup.rows()];
    return this.setup.rows().filter((row) => {
      const text = columns
        .map((column) => String(column.value(row) ?? ''))
        .join('\n')
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  });

  private readonly sorted = $derived.by(() => {
    const { key, falling } = this.sort;
    const column = this.setup.columns.find((one) => one.key === key);
    return column === undefined
      ? this.fitting
      : [...this.fitting].sort((a, b) => compare(column.value(a), column.value(b), falling));
  });

  /** In the order of the last sorting; rows that came since stand at the end. */
  readonly visible = $derived.by(() => {
    const { key, falling } = this.sort;
    const asked = `${key} ${falling} ${this.filter} ${this.turn}`;
    if (this.placed.asked !== asked || this.placed.order.size === 0)
      this.placed = { asked, order: new Map(this.sorted.map((row, place) => [this.setup.id(row), place])) };
    const { order } = this.placed;
    const place = (row: Row) => order.get(this.setup.id(row)) ?? Number.MAX_SAFE_INTEGER;
    return [...this.sorted].sort((a, b) => place(a) - place(b) || 0);
  });

  /** One for each visible row. Two rows of one name are our mistake; they are told apart, so that the table stands. */
  readonly keys = $derived.by(() => distinct(this.visible.map((row) => this.setup.id(row))));

  /** Whether sorting anew would move anything. */
  readonly outOfOrder = $derived(
    this.visible.some((row, place) => this.setup.id(row) !== this.setup.id(this.sorted[place]!)),
  );

  readonly markedRows = $derived.by(() => this.setup.rows().filter((row) => this.marked.has(this.setup.id(row))));

  resort(): void {
    this.turn += 1;
  }

  /** Numbers fall first, words rise first; a second time turns it round. */
  sortBy(key: string): void {
    const { sort } = this;
    const number = this.setup.columns.find((column) => column.key === key)?.unit !== undefined;
    const falling = sort.key === key ? !sort.falling : number;
    this.turn += 1;
    this.set('sort', `${falling ? '-' : ''}${key}`);
  }

  filterBy(text: string): void {
    this.set('q', text);
  }

  /** `from` are those that are shown now. */
  showColumn(key: string, shown: boolean, from: readonly Column<Row>[] = this.columns): void {
    const now = from.map((column) => column.key);
    const next = this.setup.columns
      .map((column) => column.key)
      .filter((one) => (one === key ? shown : now.includes(one)));
    if (next.length > 0) this.set('cols', next.join(','));
  }

  mark(id: string, marked: boolean): void {
    const next = new Set(this.marked);
    if (marked) next.add(id);
    else next.delete(id);
    this.marked = next;
  }

  /** Marks what the filter lets through, nothing that is out of sight. */
  markAll(marked: boolean): void {
    this.marked = new Set(marked ? this.visible.map((row) => this.setup.id(row)) : []);
  }

  /** The row so many places on, as the keyboard goes; stops at both ends. */
  step(by: number): string | undefined {
    const ids = this.visible.map((row) => this.setup.id(row));
    const now = this.focused === undefined ? -1 : ids.indexOf(this.focused);
    const next = now < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, now + by));
    this.focused = ids[next];
    return this.focused;
  }

  private set(name: string, value: string): void {
    this.setup.router.setQuery({ [`${this.name}.${name}`]: value === '' ? undefined : value });
  }
}

function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}\u0000${count}`;
  });
}

function compare(a: Cell, b: Cell, falling: boolean): number {
  const [noA, noB] = [isMissing(a), isMissing(b)];
  if (noA || noB) return Number(noA) - Number(noB); // not known is last either way
  const order =
    typeof a === 'string' || typeof b === 'string'
      ? String(a).localeCompare(String(b), 'en', { numeric: true, sensitivity: 'base' })
      : Number(a) - Number(b);
  return falling ? -order : order;
}

function isMissing(value: Cell): boolean {
  return value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value));
}
