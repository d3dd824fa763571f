// Runs once before everything else in compose: makes the tokens, and writes what Prometheus, Alertmanager and Grafana are started with.
import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { root } from '../place.ts';
import { portsFrom } from '../ports.ts';
import { readRetention } from '../start/disk.ts';
import { renderAlertmanagerConfig, renderPrometheusConfig } from '../start/prometheus-config.ts';
import { parseSize, renderSize } from '../start/retention.ts';
import { makeTokens } from '../start/tokens.ts';

/** Who shows or checks a token besides the control plane, which has them all; each finds its own in a volume that holds no other. */
const tokensOf = {
  collector: ['collector'],
  detectors: ['collector', 'detectors'],
  alertmanager: ['alertmanager'],
};

/** Group and owner only; the engines' processes are in the group. */
process.umask(0o027);

const data = process.env['ODYSSEY_DATA'] ?? '/data';
const config = join(data, 'config');

shareTokens();
replaceRules();
writePrometheus();
writeRetention();
replaceGrafana(join(data, 'grafana'));
keepAlertmanager(join(data, 'alerting/alertmanager.yml'));
process.stdout.write('Tokens, rules and configuration are ready.\n');

function shareTokens(): void {
  const run = join(data, 'run');
  mkdirSync(run, { recursive: true });
  makeTokens(run, ['collector', 'detectors', 'alertmanager']);
  for (const [reader, names] of Object.entries(tokensOf)) {
    const folder = join(data, 'tokens', reader);
    mkdirSync(folder, { recursive: true });
    for (const name of names) {
      const path = join(folder, `${name}.token`);
      copyFileSync(join(run, `${name}.token`), `${path}.new`);
      renameSync(`${path}.new`, path);
    }
  }
}

/** Rules come with the image: those of an older one must not stay. */
function replaceRules(): void {
  const [rules, fresh] = [join(config, 'rules'), join(config, 'rules.new')];
  rmSync(fresh, { recursive: true, force: true });
  cpSync(join(root, 'alerts/rules'), fresh, { recursive: true });
  rmSync(rules, { recursive: true, force: true });
  renameSync(fresh, rules);
}

/** What Grafana is started with, whether it is or not; its key is made once, because what it encrypts depends on it. */
function replaceGrafana(into: string): void {
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
  replace(join(config, 'prometheus.yml'), text);
}

/** As large as a person allows and the disk of Prometheus' volume bears; Prometheus reads it when it starts. */
function writeRetention(): void {
  const allowed = parseSize(process.env['PROMETHEUS_RETENTION'] ?? '10GB');
  const kept = readRetention(join(data, 'prometheus'), allowed);
  if (kept < allowed)
    process.stdout.write(
      `History is kept up to ${renderSize(kept)} instead of ${renderSize(allowed)}: the disk bears no more.\n`,
    );
  replace(join(config, 'retention'), `${renderSize(kept)}\n`);
}

/** Whom to tell is a person's decision: what was chosen is not overwritten. */
function keepAlertmanager(path: string): void {
  if (!existsSync(path)) writeFileSync(path, renderAlertmanagerConfig());
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
