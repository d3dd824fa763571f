// Proof of the appliance: the compose file on a real engine, its memory, the alerts that reach people, Grafana's way in, every panel of every dashboard.
import { root } from '../../compose/place.ts';
import { buildConsole } from '../../compose/start/console.ts';
import { ensureTestEngines, findEngines } from '../engines.ts';
import { proveAlerts } from './appliance/alerts.ts';
import { proveDashboards } from './appliance/dashboards.ts';
import { proveMemory } from './appliance/memory.ts';
import { compose, grafana } from './appliance/promises.ts';
import { eachPromise, wholeRun } from './appliance/shown.ts';
import { type Figure, unmeasured } from './figure.ts';
import { runTests } from './vitest-report.ts';

type Progress = (line: string) => void;

/** One after the other: each measures, and the machine is small. */
const parts: Readonly<Record<string, (progress: Progress) => Promise<Figure[]>>> = {
  'appliance.compose': proveCompose,
  'appliance.memory': proveMemory,
  alerts: proveAlerts,
  'appliance.grafana': proveGrafana,
  'appliance.dashboards': provePanels,
};

export async function run(progress: Progress): Promise<Figure[]> {
  for (const problem of await ensureTestEngines(progress)) progress(problem);
  const figures: Figure[] = [];
  for (const [name, prove] of Object.entries(parts)) {
    try {
      figures.push(...(await prove(progress)));
    } catch (error) {
      figures.push(unmeasured(name, (error as Error).message)); // the other parts are still told
    }
  }
  return figures;
}

async function proveCompose(progress: Progress): Promise<Figure[]> {
  await buildConsole(root, progress);
  progress('the compose file on a real engine');
  const report = await runTests(compose.files).catch(() => undefined);
  return [...wholeRun('appliance.compose', report), ...eachPromise(report, compose.promises)];
}

async function proveGrafana(progress: Progress): Promise<Figure[]> {
  progress("dashboards, provisioning, and the control plane's way to Grafana");
  const report = await runTests(grafana.files).catch(() => undefined);
  return [...wholeRun('appliance.grafana', report), ...eachPromise(report, grafana.promises)];
}

async function provePanels(progress: Progress): Promise<Figure[]> {
  const [engine] = findEngines();
  if (engine === undefined) return [unmeasured('appliance.dashboards', 'there is no Prometheus')];
  return await proveDashboards(engine, progress);
}
