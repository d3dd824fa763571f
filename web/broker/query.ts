// Rules for query values: each returns the value as it is sent on, or undefined where it is refused.
import { parseStrictJson } from './strict-json.ts';

export type QueryRule = (value: string) => string | undefined;

export const flag: QueryRule = (value) => {
  if (value === '1' || value === 'true') return 'true';
  return value === '0' || value === 'false' ? 'false' : undefined;
};

/** Only switched off: the call is too expensive or endless when on. */
export const off: QueryRule = (value) => (flag(value) === 'false' ? 'false' : undefined);

/** Only switched on: what comes back is read with it. */
export const on: QueryRule = (value) => (flag(value) === 'true' ? 'true' : undefined);

export const timestamp: QueryRule = (value) => (/^\d{1,12}(\.\d{1,9})?$/.test(value) ? value : undefined);

export function whole(max: number): QueryRule {
  return (value) => (/^\d{1,15}$/.test(value) && Number(value) <= max ? String(Number(value)) : undefined);
}

export function oneOf(...options: string[]): QueryRule {
  return (value) => options.find((option) => option === value);
}

export function matching(pattern: RegExp): QueryRule {
  return (value) => (pattern.test(value) ? value : undefined);
}

const filterValuesMax = 128;

/** Docker's filters: `{"label":["a=b"]}`, or the older `{"label":{"a=b":true}}`; sent on in the first form, with the listed keys only. */
export function filters(...keys: string[]): QueryRule {
  return (value) => {
    const parsed = parseFilters(value);
    if (parsed === undefined) return undefined;
    const entries = Object.entries(parsed).map(([key, values]) => [key, readFilterValues(values)] as const);
    const sound = entries.every(([key, values]) => keys.includes(key) && values !== undefined);
    return sound ? JSON.stringify(Object.fromEntries(entries)) : undefined;
  };
}

function parseFilters(text: string): Record<string, unknown> | undefined {
  try {
    const parsed = parseStrictJson(new TextEncoder().encode(text));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined; // not unambiguous JSON: refused
  }
}

function readFilterValues(values: unknown): string[] | undefined {
  const list = Array.isArray(values) ? values : namesSwitchedOn(values);
  const sound =
    list?.every((value) => typeof value === 'string' && value.length <= 512) && list.length <= filterValuesMax;
  return sound ? (list as string[]) : undefined;
}

function namesSwitchedOn(values: unknown): string[] | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  return Object.values(values).every((on) => on === true) ? Object.keys(values) : undefined;
}
