// A real Prometheus that has the last hours of the scripted machine and goes on scraping it where they end.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, runPrometheus, until } from '../../detectors/on-history/stack.ts';
import type { TestEngine } from '../../engines.ts';
import { instance, type Scene } from '../world-scene.ts';
import { type Series, seriesOf } from '../world-series.ts';

export interface History {
  url: string;
  close(): Promise<void>;
}

const pastSeconds = 7_200;
const stepSeconds = 15;

/** Fills it, starts it, and lets it scrape what happens now. */
export async function startHistory(engine: TestEngine, scene: Scene): Promise<History> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-history-'));
  mkdirSync(join(folder, 'tsdb'));
  const all = seriesOf(scene).filter(({ name }) => name !== 'up');
  const now = Math.floor(Date.now() / 1000);
  const counts = new Map<Series, number>();
  const file = join(folder, 'history.om');
  await writeFile(file, past(all, counts, now));
  const tool = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=4h', file, join(folder, 'tsdb')];
  await promisify(execFile)(engine.promtool, tool, { maxBuffer: 1 << 26 });
  const exporter = await startExporter(all, counts, now);
  const port = await freePort();
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(configuration(exporter.port)));
  const prometheus = await runPrometheus(engine, folder, port);
  const url = `http://127.0.0.1:${port}`;
  await until(60, 'every part is scraped', async () => (await countTargets(url)) === jobs.length);
  return {
    url,
    async close() {
      await prometheus.stop();
      await exporter.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const jobs = ['node', 'detectors', 'control-plane', 'broker', 'prometheus', 'alertmanager'];

async function countTargets(url: string): Promise<number> {
  const told = await fetch(`${url}/api/v1/query?query=up`);
  return ((await told.json()) as { data: { result: object[] } }).data.result.length;
}

/** Every part has a page of its own, so that each is a target that answers. */
function configuration(port: number): object {
  const target = { targets: [`127.0.0.1:${port}`], labels: { instance } };
  const scrape_configs = jobs.map((job) => ({
    ...{ job_name: job, metrics_path: `/${job}`, honor_labels: true, static_configs: [target] },
  }));
  return { global: { scrape_interval: `${stepSeconds}s`, scrape_timeout: '10s' }, scrape_configs };
}

function jobOf({ name, labels }: Series): string {
  return labels['job'] ?? (name.startsWith('anomaly_') ? 'detectors' : 'node');
}

function headOf(one: Series): string {
  const labels = { instance, job: jobOf(one), ...one.labels };
  const written = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${one.name}{${written.join(',')}}`;
}

/** OpenMetrics for promtool in parts of one series; leaves in `counts` where each counter stands at the end. */
function* past(all: readonly Series[], counts: Map<Series, number>, now: number): Generator<string> {
  for (const one of all.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const head = headOf(one);
    let lines = '';
    for (let at = now - pastSeconds; at <= now; at += stepSeconds) {
      const value = count(one, counts, at, stepSeconds);
      if (value !== undefined) lines += `${head} ${value} ${at}\n`;
    }
    yield lines;
  }
  yield '# EOF\n';
}

/** The sample of a series after some more seconds. */
function count(one: Series, counts: Map<Series, number>, at: number, seconds: number): number | undefined {
  const value = one.at(at);
  if (one.kind === 'gauge' || value === undefined) return value;
  const sum = (counts.get(one) ?? 0) + Math.max(0, value) * seconds;
  counts.set(one, sum);
  return sum;
}

async function startExporter(all: readonly Series[], counts: Map<Series, number>, began: number) {
  const told = new Map(jobs.map((job) => [job, began]));
  const server = createServer((request, response) => {
    const job = request.url!.slice(1);
    const now = Date.now() / 1000;
    const seconds = now - (told.get(job) ?? now);
    told.set(job, now);
    const lines = all
      .filter((one) => jobOf(one) === job)
      .map((one) => ({ head: headOf(one), value: count(one, counts, now, seconds) }))
      .flatMap(({ head, value }) => (value === undefined ? [] : [`${head} ${value}\n`]));
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(lines.join(''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, close };
}
