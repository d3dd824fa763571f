// The schemas of the control plane's two databases, step by step; a released step is never changed, only followed by another.
import { readFileSync } from 'node:fs';
import type { Migration } from '../db.ts';

export const auditMigrations: readonly Migration[] = [step('audit', '0001-log')];
export const controlMigrations: readonly Migration[] = [
  step('control', '0001-ground'),
  step('control', '0002-feedback'),
  step('control', '0003-alerts'),
  step('control', '0010-deployments'),
  step('control', '0011-registries'),
  step('control', '0030-secrets'),
  step('control', '0031-volumes'),
  step('control', '0040-notifications'),
  step('control', '0045-threat-exceptions'),
];

function step(database: string, name: string): Migration {
  return { name, sql: readFileSync(new URL(`./${database}/${name}.sql`, import.meta.url), 'utf8') };
}
