// The generated configuration: what it says, and that Prometheus and Alertmanager of both generations take it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../../../compose/place.ts';
import { portsFrom } from '../../../compose/ports.ts';
import {
  onLoopback,
  renderAlertmanagerConfig,
  renderPrometheusConfig,
} from '../../../compose/start/prometheus-config.ts';
import { engines } from '../../engines.ts';

const plan = {
  instance: 'node "one"',
  ports: portsFrom(0),
  hosts: onLoopback,
  ruleFiles: join(root, 'alerts/rules/*.yml'),
  broker: true,
};
const text = renderPrometheusConfig(plan);
const folder = mkdtempSync(join(tmpdir(), 'odyssey-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines of one job. */
function job(name: string): string {
  return new RegExp(`  - job_name: ${name}\n(?:    .*\n)*`).exec(text)?.[0] ?? '';
}

describe('prometheus.yml', () => {
  test.each([
    { name: 'node', ports: [9401], honours: false },
    { name: 'detectors', ports: [9405, 9406, 9407, 9408], honours: true },
    { name: 'control-plane', ports: [9403], honours: true },
    { name: 'broker', ports: [9402], honours: false },
    { name: 'prometheus', ports: [9090], honours: false },
    { name: 'alertmanager', ports: [9093], honours: false },
  ])('job $name: targets $ports, one instance, limits', ({ name, ports, honours }) => {
    expect([...job(name).matchAll(/targets: \["127\.0\.0\.1:(\d+)"\]/g)].map(([, port]) => Number(port))).toEqual(
      ports,
    );
    expect([...job(name).matchAll(/"instance":"node \\"one\\""/g)]).toHaveLength(ports.length);
    expect(job(name).includes('honor_labels: true')).toBe(honours);
    expect(job(name)).toMatch(/sample_limit: \d+\n {4}label_limit: \d+\n/);
  });

  test('the ingress is asked where a file says, without its servers, under the one instance', () => {
    expect(job('ingress')).toContain('files: ["targets/ingress.json"]');
    expect(job('ingress')).toContain('scope: [global, frontend, backend]');
    expect(job('ingress')).toContain('replacement: "node \\"one\\""');
  });

  test('in compose each process is asked by the name of its service', () => {
    const composed = renderPrometheusConfig({ ...plan, hosts: (process) => process });
    const targets = [...composed.matchAll(/targets: \["?([^"\]]+)"?\]/g)].map(([, target]) => target);
    expect(targets).toEqual([
      'alertmanager:9093',
      'collector:9401',
      ...[9405, 9406, 9407, 9408].map((port) => `detectors:${port}`),
      'control-plane:9403',
      'broker:9402',
      'prometheus:9090',
      'alertmanager:9093',
    ]);
  });

  test('a collector for GPUs is found by its name, asked for them alone, and nowhere else expected', async () => {
    const composed = renderPrometheusConfig({ ...plan, gpuCollector: 'collector-gpu' });
    expect(/ {2}- job_name: gpu\n(?: {4}.*\n)*/.exec(composed)?.[0]).toContain('"collector-gpu"], type: A, port: 9401');
    expect(text).not.toContain('job_name: gpu');
    const path = join(folder, 'gpu.yml');
    writeFileSync(path, composed);
    for (const { promtool } of engines)
      await promisify(execFile)(promtool, ['check', 'config', path], { timeout: 30_000 });
  });

  test('a broker that is not started is not asked: it would be reported as down', () => {
    const without = renderPrometheusConfig({ ...plan, broker: false });
    expect(without).not.toContain('broker');
    expect(without).toContain('job_name: control-plane');
  });

  test('targets of one job differ by a label, so that each has an up series of its own', () => {
    const labels = [...job('detectors').matchAll(/^ {8}labels: (.*)$/gm)].map(([, label]) => label);
    expect(new Set(labels).size).toBe(4);
  });

  test.each(engines)('$name takes it, with the alert rules', async ({ promtool }) => {
    const path = join(folder, 'prometheus.yml');
    writeFileSync(path, text);
    const { stdout } = await promisify(execFile)(promtool, ['check', 'config', path], { timeout: 30_000 });
    expect(stdout).toContain('is valid prometheus config file syntax');
    expect(stdout).toMatch(/SUCCESS: \d+ rule files found/);
  });

  test.each(engines)('the Alertmanager beside $name takes its own', async ({ amtool }) => {
    const path = join(folder, 'alertmanager.yml');
    writeFileSync(path, renderAlertmanagerConfig());
    const { stdout } = await promisify(execFile)(amtool, ['check-config', path], { timeout: 30_000 });
    expect(stdout).toContain('SUCCESS');
  });
});
