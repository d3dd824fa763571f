// A real Prometheus that scrapes what it is pointed at each second, for tests of the dashboards.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../detectors/on-history/stack.ts';
import type { TestEngine } from '../engines.ts';

interface Scraped {
  job: string;
  ports: readonly number[];
  /** Where it says itself which machine it speaks of. */
  ownLabels?: boolean;
}

interface Wanted {
  engine: TestEngine;
  /** An empty one, for its settings and its history. */
  folder: string;
  targets: readonly Scraped[];
  rules: readonly { alert: string; expr: string; labels: Readonly<Record<string, string>> }[];
  port: number;
  /** Port of the Alertmanager; undefined without one. */
  alertmanager: number | undefined;
}

/** Resolves when it is ready, to what ends it. */
export async function startPrometheus({ engine, folder, ...wanted }: Wanted): Promise<() => Promise<void>> {
  const { targets, rules, port, alertmanager } = wanted;
  const at = (one: number) => `127.0.0.1:${one}`;
  await writeFile(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'test', interval: '1s', rules }] }));
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'rules.yml')],
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [at(alertmanager)] }] }] } }),
    scrape_configs: targets.map(({ job, ports, ownLabels = false }) => ({
      job_name: job,
      honor_labels: ownLabels,
      static_configs: [{ targets: ports.map(at), labels: { instance: 'here' } }],
    })),
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML
  const child = spawn(
    engine.prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=${at(port)}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  await until(60, 'Prometheus is ready', async () => (await fetch(`http://${at(port)}/-/ready`)).ok);
  return () => ended(child);
}

export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
