// A row of a table where there is no room for columns: its name and its state first, why below them, the rest in small words.

/** `lead` names the row, `state` stands beside it, `words` say why below, `act` is what can be done; a `fact` goes after its column's title. */
export type NarrowPlace = 'lead' | 'state' | 'words' | 'fact' | 'act';

interface PlacedColumn {
  key: string;
  narrow?: NarrowPlace;
  unit?: unknown;
}

/** Where each column stands, by its key. Where none is said to name the row, the first one of words does. */
export function placesOf(columns: readonly PlacedColumn[]): ReadonlyMap<string, NarrowPlace> {
  const led = columns.some(({ narrow }) => narrow === 'lead');
  const first = led ? undefined : columns.find(({ narrow, unit }) => narrow === undefined && unit === undefined);
  return new Map(columns.map((column) => [column.key, column === first ? 'lead' : (column.narrow ?? 'fact')]));
}

const order: readonly NarrowPlace[] = ['lead', 'state', 'words', 'fact', 'act'];

/** As they stand on a phone from top to bottom, so that what is heard and where Tab leads come in the order of what is seen. */
export function inOrder<Column extends PlacedColumn>(columns: readonly Column[]): Column[] {
  const places = placesOf(columns);
  return order.flatMap((place) => columns.filter(({ key }) => places.get(key) === place));
}

const lineHeight = { lead: 20, words: 18, fact: 18, act: 28 } as const;
const gap = 4;
const padding = 20;
/** A finger wants this much. */
const heightMin = 44;

/** Pixels of a row that has one line of each kind, for lists so long that only rows of one height can be left undrawn. */
export function narrowHeight(places: ReadonlyMap<string, NarrowPlace>): number {
  const kinds = new Set(places.values());
  const last = kinds.has('act') ? lineHeight.act : kinds.has('fact') ? lineHeight.fact : 0;
  const lines = [lineHeight.lead, kinds.has('words') ? lineHeight.words : 0, last].filter((height) => height > 0);
  return Math.max(heightMin, padding + lines.reduce((sum, height) => sum + height, 0) + gap * (lines.length - 1) + 1);
}
