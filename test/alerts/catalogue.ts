// What an alert rule may name: every series that a process of ours declares, and those that a real Prometheus and Alertmanager serve.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfMetrics } from '../../collector/collect.ts';
import { createKnown, createSources } from '../../collector/sources/index.ts';
import type { Metric } from '../../core/contracts/sample.ts';
import { metrics as detectors } from '../../detectors/exposition.ts';
import { threatMetrics } from '../../detectors/process/threat-watch.ts';
import { metrics as broker } from '../../web/broker/tally.ts';
import { deploymentMetrics } from '../../web/server/deployments/figures.ts';
import { ingressMetrics } from '../../web/server/ingress/samples.ts';
import { metrics as controlPlane } from '../../web/server/metrics.ts';
import { notificationMetrics } from '../../web/server/notifications/figures.ts';
import { eventMetrics } from '../../web/server/observed/figures.ts';
import type { TestEngine } from '../engines.ts';

/** Prometheus adds these at every scrape. */
const ofEveryScrape = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

export function ourMetrics(): Set<string> {
  const options = { dnsNames: [], textfileDirectory: '', hostRoot: '' };
  const sources = createSources(
    options,
    createKnown(async () => {}),
  );
  const lists: (readonly Metric[])[] = [
    ...sources.map(({ metrics }) => metrics),
    ...[selfMetrics, detectors, threatMetrics, broker, controlPlane, ingressMetrics, notificationMetrics],
    ...[deploymentMetrics, eventMetrics],
  ];
  const names = lists.flat().flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_bucket`] : [name]));
  return new Set([...names, ...ofEveryScrape]);
}

/** Names on the /metrics of both programs of one generation, each asked of the running program. */
export async function engineMetrics(engine: TestEngine): Promise<Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-catalogue-'));
  const config = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return `--config.file=${join(folder, name)}`;
  };
  try {
    const [one, other] = [await freePort(), await freePort()];
    const rules = join(folder, 'rules.yml');
    writeFileSync(rules, 'groups: [{ name: g, interval: 1s, rules: [{ alert: A, expr: vector(1) }] }]');
    const prometheusConfig = `{ rule_files: [${rules}], alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:9'] }] }] } }`;
    const prometheus = [
      config('prometheus.yml', prometheusConfig),
      ...[`--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${one}`],
    ];
    const alertmanager = [
      config('alertmanager.yml', '{ route: { receiver: a }, receivers: [{ name: a }] }'),
      ...[`--storage.path=${join(folder, 'am')}`, `--web.listen-address=127.0.0.1:${other}`],
      '--cluster.listen-address=',
    ];
    const found = await Promise.all([
      namesOf(engine.prometheus, prometheus, folder, one, 'prometheus_rule_group_last_duration_seconds{'),
      namesOf(engine.alertmanager, alertmanager, engine.cwd, other, 'alertmanager_config_hash'),
    ]);
    return new Set(found.flat());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function namesOf(
  program: string,
  parameters: readonly string[],
  cwd: string,
  port: number,
  until: string,
): Promise<string[]> {
  const child = spawn(program, parameters, { cwd, stdio: 'ignore' });
  try {
    for (let tries = 0; tries < 200; tries++) {
      const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
      if (text.includes(until)) return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`${program} did not say what it measures`);
  } finally {
    child.kill('SIGKILL');
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
