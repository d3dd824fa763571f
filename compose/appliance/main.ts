// Runs once before everything else in compose: makes the tokens, and writes what Prometheus, Alertmanager and Grafana are started with.
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { root } from '../place.ts';
import { portsFrom } from '../ports.ts';
import { renderAlertmanagerConfig, renderPrometheusConfig } from '../start/prometheus-config.ts';
import { makeTokens } from '../start/tokens.ts';

/** Group and owner only; the engines' processes are in the group. */
process.umask(0o027);

const data = process.env['ODYSSEY_DATA'] ?? '/data';
const config = join(data, 'config');

mkdirSync(join(data, 'run'), { recursive: true });
makeTokens(join(data, 'run'), ['collector', 'detectors', 'alertmanager']);
replaceRules();
writePrometheus();
replaceGrafana();
keepAlertmanager();
process.stdout.write('Tokens, rules and configuration are ready.\n');

/** Rules come with the image: those of an older one must not stay. */
function replaceRules(): void {
  const [rules, fresh] = [join(config, 'rules'), join(config, 'rules.new')];
  rmSync(fresh, { recursive: true, force: true });
  cpSync(join(root, 'alerts/rules'), fresh, { recursive: true });
  rmSync(rules, { recursive: true, force: true });
  renameSync(fresh, rules);
}

/** What Grafana is started with, whether it is or not; its key is made once, because what it encrypts depends on it. */
function replaceGrafana(): void {
  const into = join(config, 'grafana');
  mkdirSync(into, { recursive: true });
  const key = join(into, 'secret-key');
  if (!existsSync(key)) writeFileSync(key, randomBytes(32).toString('hex'), { mode: 0o640 });
  for (const part of ['grafana.ini', 'provisioning', 'dashboards']) {
    rmSync(join(into, part), { recursive: true, force: true });
    const onlyJson = (path: string) => part !== 'dashboards' || !path.endsWith('.ts');
    cpSync(join(root, 'grafana', part), join(into, part), { recursive: true, filter: onlyJson });
  }
}

function writePrometheus(): void {
  const text = renderPrometheusConfig({
    instance: hostname(), // the machine's own: compose shares its UTS namespace with this container
    ports: portsFrom(0),
    hosts: (process) => process,
    ruleFiles: '/etc/odyssey/rules/*.yml',
    broker: true,
    gpuCollector: 'collector-gpu',
  });
  writeFileSync(join(config, 'prometheus.yml.new'), text);
  renameSync(join(config, 'prometheus.yml.new'), join(config, 'prometheus.yml'));
}

/** Whom to tell is a person's decision: what was chosen is not overwritten. */
function keepAlertmanager(): void {
  const path = join(config, 'alertmanager.yml');
  if (!existsSync(path)) writeFileSync(path, renderAlertmanagerConfig());
}
