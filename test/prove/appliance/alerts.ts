// Proof of the alerts: rules and configuration under the real programs of both generations, and what a mail server and a webhook receiver really got.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noNotifications } from '../../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../../core/lib/alertmanager-config.ts';
import { ensureTestEngines, findEngines, type TestEngine } from '../../engines.ts';
import { root } from '../../tidy/tree.ts';
import { barred, type Figure, told, unmeasured } from '../figure.ts';
import { runTests, type TestReport } from '../vitest-report.ts';

/** How many rules the families must have at least. */
const fewest: Record<string, number> = { 'thermal-power': 11, resources: 8, security: 6 };
const rulesFolder = join(root, 'alerts/rules');
const testFolders = ['test/alerts', 'test/web/server/notifications', 'test/core/lib/alertmanager-config.test.ts'];

/** What the tests of the whole way must have shown, by words of their titles. */
const shown = {
  'alerts.mail_and_webhook_received': 'a critical alert arrives by mail and as a signed webhook',
  'alerts.quiet_hours': 'in quiet hours a warning waits',
  'alerts.inhibition': 'the graver alert on the same thing holds the milder back',
  'alerts.test_button': 'the test button says what became of it',
  'alerts.retried_under_one_id': 'a receiver that answers 500 is tried again',
  'alerts.heartbeat': 'the monitor outside hears from us',
} as const;

export async function proveAlerts(progress: (line: string) => void): Promise<Figure[]> {
  for (const problem of await ensureTestEngines(progress)) progress(problem);
  const engines = findEngines();
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-prove-alerts-'));
  try {
    const checked = await Promise.all(engines.map((engine) => checkWith(engine, folder)));
    progress('the tests of rules, configuration and deliveries');
    return [...countRules(), ...checked.flat(), ...figuresOf(await runTests(testFolders))];
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

function figuresOf(report: TestReport): Figure[] {
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const one = ([name, words]: [string, string]): Figure => {
    const found = all.filter(({ fullName }) => fullName.includes(words));
    if (found.length === 0 || found.some(({ status }) => !['passed', 'failed'].includes(status)))
      return unmeasured(name, 'its test was not run');
    return barred(name, found.every(({ status }) => status === 'passed') ? 1 : 0, '==', 1);
  };
  const forged = all.filter(({ status, fullName }) => status === 'passed' && /→ (forged|old|replayed)$/.test(fullName));
  return [
    // A file that cannot be read fails no test: only this knows of it.
    barred('alerts.tests.success', report.success ? 1 : 0, '==', 1),
    barred('alerts.tests.failed', report.numFailedTests, '==', 0),
    told('alerts.tests.passed', report.numPassedTests),
    barred('alerts.webhook_forgeries_told_apart', forged.length, '>=', 7),
    ...Object.entries(shown).map(one),
  ];
}
