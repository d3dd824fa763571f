// A real Prometheus on a week of history, an exporter that goes on where it ends, and the real detectors as a child.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { detectorsMalloc, nodeFlags } from '../../../compose/start/plan.ts';
import type { TestEngine } from '../../engines.ts';
import { type Life, linesAt, openMetrics } from './series.ts';

const root = join(import.meta.dirname, '../../..');

export interface Running {
  port: number;
  child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What life looks like now, as an exporter; returns its port and how to end it. */
export async function startExporter(life: Life): Promise<{ port: number; close(): Promise<unknown> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(`${linesAt(life, Date.now() / 1000).join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** Writes the history as blocks that Prometheus opens at its start. */
export async function backfill(engine: TestEngine, folder: string, life: Life, untilSeconds: number): Promise<void> {
  await mkdir(join(folder, 'tsdb'), { recursive: true });
  const file = join(folder, 'history.om');
  await writeFile(file, openMetrics(life, untilSeconds));
  const tool = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=48h', file, join(folder, 'tsdb')];
  await promisify(execFile)(engine.promtool, tool, { maxBuffer: 1 << 26 });
}

export async function startPrometheus(
  engine: TestEngine,
  folder: string,
  scrape: { everySeconds: number; targets: { job: string; ports: number[] }[] },
  port: number,
): Promise<Running> {
  const jobs = scrape.targets.map(({ job, ports }) => ({
    job_name: job,
    honor_labels: job === 'detectors',
    static_configs: [{ targets: ports.map((each) => `127.0.0.1:${each}`), labels: { instance: 'here' } }],
  }));
  const interval = `${scrape.everySeconds}s`;
  const config = { global: { scrape_interval: interval, scrape_timeout: interval }, scrape_configs: jobs };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML
  return runPrometheus(engine, folder, port);
}

/** With the configuration and the history that lie in the folder. */
export async function runPrometheus(engine: TestEngine, folder: string, port: number): Promise<Running> {
  const child = spawn(
    engine.prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      '--storage.tsdb.retention.time=90d',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  await until(60, 'Prometheus ready', async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
  return running(child, port);
}

/** The real main, started as the product starts it; `settings` are environment variables. */
export async function startDetectors(
  settings: Record<string, string>,
  ports: { gpu: number; container: number; process: number; disk: number },
): Promise<Running> {
  const child = spawn(process.execPath, [...nodeFlags, join(root, 'detectors/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      ...detectorsMalloc,
      LOG_LEVEL: 'warn',
      DETECTOR_GPU_PORT: String(ports.gpu),
      DETECTOR_CONTAINER_PORT: String(ports.container),
      DETECTOR_PROCESS_PORT: String(ports.process),
      DETECTOR_DISK_PORT: String(ports.disk),
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until(30, 'the detectors listen', async () => (await fetch(`http://127.0.0.1:${ports.process}/healthz`)).ok);
  return running(child, ports.process);
}

function running(child: ChildProcess, port: number): Running {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    port,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Asks every fifth of a second until the answer is true; throws when the time is over. */
export async function until(secondsMax: number, what: string, holds: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  for (;;) {
    const seconds = (performance.now() - began) / 1000;
    if (await holds().catch(() => false)) return seconds;
    if (seconds > secondsMax) throw new Error(`not within ${secondsMax} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export interface Exported {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** What a detector exports at the moment. */
export async function readMetrics(port: number): Promise<Exported[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return [...text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm)].map(([, name, labels, value]) => ({
    name: name!,
    labels: Object.fromEntries(
      [...labels!.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key!, text!]),
    ),
    value: Number(value),
  }));
}
