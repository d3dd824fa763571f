// Proof of the appliance: the compose file on a real engine, its memory, the alerts that reach people, every panel of every dashboard.
import { root } from '../../compose/place.ts';
import { buildConsole } from '../../compose/start/console.ts';
import { ensureTestEngines, findEngines } from '../engines.ts';
import { proveAlerts } from './appliance/alerts.ts';
import { proveDashboards } from './appliance/dashboards.ts';
import { proveMemory } from './appliance/memory.ts';
import { barred, type Figure, told, unmeasured } from './figure.ts';
import { runTests } from './vitest-report.ts';

/** What the real compose file must have shown, by words of its tests' titles. */
const shown = {
  'appliance.compose.healthy': 'every container is healthy',
  'appliance.compose.scraped': 'every target is scraped',
  'appliance.compose.scores': 'the detectors tick',
  'appliance.compose.deploys': 'deploys a small service and reaches it',
  'appliance.compose.notifies': 'is told of a test alert',
  'appliance.compose.rights': 'has no more rights than it needs',
  'appliance.compose.after_kill': 'comes back by itself',
  'appliance.compose.after_crash_of_the_engine': 'the engine is killed',
  'appliance.compose.profiles': 'is valid with the profiles',
} as const;

export async function run(progress: (line: string) => void): Promise<Figure[]> {
  for (const problem of await ensureTestEngines(progress)) progress(problem);
  await buildConsole(root, progress);
  progress('the compose file on a real engine');
  const figures = await proveCompose();
  figures.push(...(await proveMemory(progress)));
  figures.push(...(await proveAlerts(progress)));
  const [engine] = findEngines();
  if (engine === undefined) return [...figures, unmeasured('appliance.dashboards', 'there is no Prometheus')];
  return [...figures, ...(await proveDashboards(engine, progress))];
}

async function proveCompose(): Promise<Figure[]> {
  const report = await runTests(['test/compose/appliance']);
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return [
    barred('appliance.compose.failed', report.numFailedTests, '==', 0),
    told('appliance.compose.passed', report.numPassedTests),
    ...Object.entries(shown).map(([name, words]) => {
      const found = all.filter(({ fullName }) => fullName.includes(words));
      const ran = found.length > 0 && found.every(({ status }) => status === 'passed' || status === 'failed');
      if (!ran) return unmeasured(name, 'its test was not run');
      return barred(name, found.every(({ status }) => status === 'passed') ? 1 : 0, '==', 1);
    }),
  ];
}
