// The text of a generated file: as people read it, the same for the same source.
import type { DashboardJson } from './schema.ts';

export function render(json: DashboardJson): string {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
