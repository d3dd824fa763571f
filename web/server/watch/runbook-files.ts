// Reads the runbooks that lie beside the alert rules.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Runbooks, sectionsOf } from './alerts.ts';

/** None where there is no such folder: the alerts themselves are shown all the same. */
export function readRunbooks(folder: string): Runbooks {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return sectionsOf(names.map((name) => readFileSync(join(folder, name), 'utf8')));
}
