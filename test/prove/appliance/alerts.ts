// Proof of the alerts: rules and configuration under the real programs of both generations, and what a mail server and a webhook receiver really got.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noNotifications } from '../../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../../core/lib/alertmanager-config.ts';
import { ensureTestEngines, findEngines, type TestEngine } from '../../engines.ts';
import { root } from '../../tidy/tree.ts';
import { barred, type Figure, told } from '../figure.ts';
import { runTests, type TestReport } from '../vitest-report.ts';
import { proveMutants } from './mutants.ts';
import { alerts } from './promises.ts';
import { eachPromise, wholeRun } from './shown.ts';

/** How many rules the families must have at least. */
const fewest: Record<string, number> = { 'thermal-power': 11, resources: 8, security: 6 };
const rulesFolder = join(root, 'alerts/rules');

export async function proveAlerts(progress: (line: string) => void): Promise<Figure[]> {
  for (const problem of await ensureTestEngines(progress)) progress(problem);
  const engines = findEngines();
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-prove-alerts-'));
  try {
    const checked = await Promise.all(engines.map((engine) => checkWith(engine, folder)));
    progress('the tests of rules, configuration and deliveries');
    const figures = figuresOf(await runTests(alerts.files).catch(() => undefined));
    const families = readdirSync(rulesFolder).map((file) => file.replace(/\.yml$/, ''));
    return [...countRules(), ...checked.flat(), ...figures, ...(await proveMutants(families, progress))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countRules(): Figure[] {
  const counts = readdirSync(rulesFolder).map((file) => ({
    family: file.replace(/\.yml$/, ''),
    count: [...readFileSync(join(rulesFolder, file), 'utf8').matchAll(/- alert: /g)].length,
  }));
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  return [
    ...counts.map(({ family, count }) => {
      const name = `alerts.rules.${family.replaceAll('-', '_')}`;
      return fewest[family] === undefined ? told(name, count) : barred(name, count, '>=', fewest[family]);
    }),
    barred('alerts.rules', all, '>=', 25),
  ];
}

/** 1 where the program takes it. */
async function checkWith(engine: TestEngine, folder: string): Promise<Figure[]> {
  const suffix = engine.name.replace(/\D+/g, '_').replace(/^_/, '');
  const rules = readdirSync(rulesFolder).map((file) => join(rulesFolder, file));
  const config = join(folder, `${suffix}.yml`);
  writeFileSync(
    config,
    renderAlertmanager({ settings: noNotifications, secrets: {}, inbox: undefined, mark: 'proof' }),
  );
  return [
    barred(
      `alerts.promtool_check_rules.${suffix}`,
      await succeeds(engine.promtool, ['check', 'rules', ...rules]),
      '==',
      1,
    ),
    barred(`alerts.amtool_check_config.${suffix}`, await succeeds(engine.amtool, ['check-config', config]), '==', 1),
  ];
}

function succeeds(program: string, parameters: string[]): Promise<number> {
  return new Promise((resolve) => {
    execFile(program, parameters, { timeout: 120_000 }, (error) => resolve(error === null ? 1 : 0));
  });
}

function figuresOf(report: TestReport | undefined): Figure[] {
  const all = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  const forged = all.filter(({ status, fullName }) => status === 'passed' && /→ (forged|old|replayed)$/.test(fullName));
  return [
    ...wholeRun('alerts.tests', report),
    barred('alerts.webhook_forgeries_told_apart', forged.length, '>=', 7),
    ...eachPromise(report, alerts.promises),
  ];
}
