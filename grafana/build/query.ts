// Queries of a panel: an expression, how its series are called, and which of them are shown when there are many.
import type { Target } from './schema.ts';

export interface Query {
  expr: string;
  /** How a series is called: text with labels as `{{name}}`. */
  legend: string;
}

/** The data source that is provisioned beside the dashboards; its uid never changes. */
export const datasource = { type: 'prometheus', uid: 'odyssey-prometheus' } as const;

export function query(expr: string, legend: string): Query {
  return { expr, legend };
}

/** The most series that a chart of many shows. */
const seriesMax = 8;

/**
 * The few series that are largest at the end of the time range, all the way through it: the set does not change from step to step.
 * `expression` gets what must stand behind every selector: nothing, or the modifier that pins it to the end.
 */
export function largest(by: string, expression: (at: string) => string, count = seriesMax): string {
  return `${expression('')} and on (${by}) topk(${count}, ${expression(' @ end()')})`;
}

/** The few that are smallest at the end: for what is bad when it is small, such as 0 for "does not answer", the worst is never left out. */
export function smallest(by: string, expression: (at: string) => string, count = seriesMax): string {
  return `${expression('')} and on (${by}) bottomk(${count}, ${expression(' @ end()')})`;
}

/** `range` over the time range, or only the value at its end, as a row of a table or one number. */
export function targets(queries: readonly Query[], kind: 'range' | 'instant' | 'table'): Target[] {
  return queries.map(({ expr, legend }, at) => ({
    refId: String.fromCharCode(65 + at),
    expr,
    legendFormat: legend,
    range: kind === 'range',
    instant: kind !== 'range',
    format: kind === 'table' ? 'table' : 'time_series',
    editorMode: 'code',
  }));
}
