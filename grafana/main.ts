// npm run dashboards: writes each dashboard's JSON beside its source.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboard } from './build/dashboard.ts';
import { render } from './build/render.ts';
import { dashboards } from './dashboards/index.ts';

for (const source of dashboards)
  writeFileSync(join(import.meta.dirname, 'dashboards', `${source.name}.json`), render(dashboard(source)));
process.stdout.write(`${dashboards.length} dashboards are written.\n`);
