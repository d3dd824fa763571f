// Everything before the first process: folders, tokens, the doctor's report, the engines, the configuration; then the plan.
import { accessSync, constants, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gatherDocker } from '../doctor/docker.ts';
import { examine } from '../doctor/examine.ts';
import { renderReport } from '../doctor/report.ts';
import { type Engines, ensureEngines, type Found, type Program } from '../engine/engines.ts';
import { type Place, root } from '../place.ts';
import { type BrokerPlace, placeBroker } from './broker-place.ts';
import { buildConsole } from './console.ts';
import { readRetention } from './disk.ts';
import { type ProcessPlan, planProcesses } from './plan.ts';
import { onLoopback, renderAlertmanagerConfig, renderPrometheusConfig } from './prometheus-config.ts';
import { makeTokens } from './tokens.ts';

type Where = Extract<Place, { kind: 'place' }>;

export type Prepared =
  | { kind: 'plans'; plans: readonly ProcessPlan[]; complete: boolean }
  | { kind: 'cannot'; reason: string };

const folders = [
  ...['run', 'logs', 'config', 'engine', 'cache', 'prometheus', 'alertmanager'],
  ...['haproxy', 'run/haproxy'], // the two that the ingress may mount through the broker
];

/** The folders that must be there before the lock can be taken, for owner and group only; a sentence where they cannot be made. */
export function makeFolders(dataDir: string): string | undefined {
  try {
    for (const folder of folders) {
      mkdirSync(join(dataDir, folder), { recursive: true, mode: 0o750 });
      accessSync(join(dataDir, folder), constants.W_OK);
    }
    return undefined;
  } catch (error) {
    return `${dataDir} cannot be written (${(error as Error).message}). Give a folder of your own with --data DIR.`;
  }
}

export async function prepare(where: Where, say: (line: string) => void): Promise<Prepared> {
  const findings = await examine(where.dataDir, where.ports);
  for (const line of renderReport(findings, 'not-ok')) say(line);
  const failed = findings.filter(({ state, essential }) => state === 'fail' && essential === true);
  if (failed.length > 0)
    return { kind: 'cannot', reason: failed.map(({ name, says }) => `${name}: ${says}`).join('\n') };
  makeTokens(join(where.dataDir, 'run'), ['collector', 'detectors']);
  const [engines] = await Promise.all([
    ensureEngines(join(where.dataDir, 'engine'), say),
    buildConsole(root, say), // meanwhile; its failure is told and stops nothing
  ]);
  tellEngines(engines, say);
  const broker = await findBroker(where.dataDir);
  tellBroker(broker, say);
  writeConfiguration(where, broker);
  const plans = planProcesses({
    root,
    dataDir: where.dataDir,
    ports: where.ports,
    node: process.execPath,
    prometheus: programOf(engines.prometheus),
    alertmanager: programOf(engines.alertmanager),
    retentionBytes: readRetention(join(where.dataDir, 'prometheus')),
    broker,
    environment: process.env,
  });
  return { kind: 'plans', plans, complete: Object.values(engines).every(({ kind }) => kind === 'program') };
}

function programOf(found: Found): Program | undefined {
  return found.kind === 'program' ? found.program : undefined;
}

function tellEngines({ prometheus, alertmanager }: Engines, say: (line: string) => void): void {
  if (prometheus.kind === 'program') say(`prometheus ${prometheus.program.version} (${prometheus.program.path})`);
  else {
    say(`Prometheus could not be had: ${prometheus.reason}.`);
    say('  Collector and detectors run; without history there are no scores and no alerts.');
    say('  Install Prometheus 2.42 or newer so that it is on the PATH, then start again.');
  }
  if (alertmanager.kind === 'program')
    say(`alertmanager ${alertmanager.program.version} (${alertmanager.program.path})`);
  else {
    say(`Alertmanager could not be had: ${alertmanager.reason}.`);
    say(
      '  Alerts are shown by Prometheus, but neither grouped nor silenced. Install it so that it is on the PATH, then start again.',
    );
  }
}

async function findBroker(dataDir: string): Promise<BrokerPlace> {
  const dockerHost = process.env['DOCKER_HOST'];
  return placeBroker({
    docker: await gatherDocker(dockerHost),
    dockerHost,
    dataDir,
    realDataDir: realpathSync(dataDir),
  });
}

function tellBroker(broker: BrokerPlace, say: (line: string) => void): void {
  if (broker.kind === 'broker') {
    if (broker.note !== undefined) say(`broker: ${broker.note}`);
    return;
  }
  say(`The broker is left out: ${broker.reason}. ${broker.remedy}`);
  say('  Without it nothing can be deployed, and no container is seen unless the collector asks the engine directly.');
  say('  The machine itself is measured, scored and watched all the same.');
}

function writeConfiguration({ dataDir, ports }: Where, broker: BrokerPlace): void {
  const ruleFiles = join(root, 'alerts/rules/*.yml');
  const plan = { instance: hostname(), ports, hosts: onLoopback, ruleFiles, broker: broker.kind === 'broker' };
  writeFileSync(join(dataDir, 'config/prometheus.yml'), renderPrometheusConfig(plan));
  // Whom to tell is a person's decision: what the control plane has written of it stays.
  const alertmanager = join(dataDir, 'config/alertmanager.yml');
  if (!existsSync(alertmanager)) writeFileSync(alertmanager, renderAlertmanagerConfig());
}
