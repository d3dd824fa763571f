// What a real collector measures of this machine and of the engine's containers, kept by a real Prometheus and judged by real detectors.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrometheus } from '../../core/runtime/prometheus.ts';
import type { Neighbours } from '../../web/server/control-plane.ts';
import { freePort, startDetectors, startPrometheus, until } from '../detectors/on-history/stack.ts';
import type { TestEngine } from '../engines.ts';
import { root } from '../tidy/tree.ts';

export interface RealData {
  neighbours: Neighbours;
  close(): Promise<void>;
}

interface Place {
  prometheus: TestEngine;
  /** The engine whose containers are measured. */
  dockerSocket: string;
  dataFolder: string;
}

/** Everything is scraped and judged each second, so that a minute here is a quarter of an hour of the product. */
export async function startRealData({ prometheus: engine, dockerSocket, dataFolder }: Place): Promise<RealData> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-real-'));
  mkdirSync(join(folder, 'tsdb'));
  const [collector, prometheus, gpu, container, process_, disk] = await Promise.all(
    Array.from({ length: 6 }, freePort),
  );
  const ports = { gpu: gpu!, container: container!, process: process_!, disk: disk! };
  const url = `http://127.0.0.1:${prometheus}`;
  const measuring = await startCollector(collector!, dockerSocket, dataFolder);
  const targets = [
    { job: 'node', ports: [collector!] },
    { job: 'prometheus', ports: [prometheus!] },
    { job: 'detectors', ports: Object.values(ports) },
  ];
  const keeping = await startPrometheus(engine, folder, { everySeconds: 1, targets }, prometheus!);
  const judging = await startDetectors(
    {
      ...{ PROMETHEUS_URL: url, ODYSSEY_DATA: dataFolder },
      ...{ DETECTOR_TICK: '1s', DETECTOR_ROW: '1s', DETECTOR_WINDOW: '2h' },
    },
    ports,
  );
  const http = { fetch, timeoutSeconds: 5, answerBytesMax: 16_000_000 };
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    neighbours: {
      prometheus: createPrometheus({ ...http, baseUrl: url }),
      ...{ alertmanager: at(9), collector: at(collector!), grafana: '', http },
      detectors: {
        gpu: at(ports.gpu),
        container: at(ports.container),
        process: at(ports.process),
        disk: at(ports.disk),
      },
    },
    async close() {
      await judging.stop();
      await keeping.stop();
      await ended(measuring);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startCollector(port: number, dockerSocket: string, dataFolder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'collector/main.ts')], {
    env: {
      ...{ PATH: process.env['PATH'], LOG_LEVEL: 'warn', ODYSSEY_DATA: dataFolder },
      ...{ COLLECTOR_PORT: String(port), DOCKER_HOST: `unix://${dockerSocket}` },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until(30, 'the collector listens', async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok);
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
