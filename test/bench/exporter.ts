// Exporters as processes under measurement: started on a free port, scraped one by one, billed and stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { readBill } from '../prove/process-bill.ts';

export interface Exporter {
  name: string;
  pid: number;
  scrape(path: string): Promise<string>;
  bill(): { pssBytes: number; privateBytes: number; cpuSeconds: number };
  stop(): Promise<void>;
}

export interface Start {
  name: string;
  file: string;
  /** Given the port that it shall listen on. */
  args(port: number): string[];
  environment?(port: number): Record<string, string>;
  readyPath: string;
}

const startSeconds = 30;

/** Resolves when it answers; rejects with what it said when it does not. */
export async function startExporter({ name, file, args, environment, readyPath }: Start): Promise<Exporter> {
  const port = await freePort();
  const env = { PATH: process.env['PATH'] ?? '', ...environment?.(port) };
  const child = spawn(file, args(port), { stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (said = `${said}${chunk}`.slice(-2000)));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const scrape = (path: string) => get(agent, port, path);
  const deadline = performance.now() + startSeconds * 1000;
  for (;;) {
    if (
      await scrape(readyPath).then(
        () => true,
        () => false,
      )
    )
      break;
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${name} does not answer: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { name, pid: child.pid!, scrape, bill: () => readBill(child.pid!), stop: () => stop(child, agent) };
}

function get(agent: Agent, port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${path}: ${response.statusCode} ${body.slice(0, 200)}`));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${path}: no answer`)));
    sent.on('error', reject);
    sent.end();
  });
}

async function stop(child: ChildProcess, agent: Agent): Promise<void> {
  agent.destroy();
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export interface Timing {
  /** Milliseconds, one a scrape, in ascending order. */
  milliseconds: number[];
  cpuSecondsPerScrape: number;
}

/** Scrapes all of them in turns, so that whatever else the machine does falls on each alike. */
export async function timeInTurns(
  contestants: readonly { exporter: Exporter; path: string }[],
  scrapes: number,
): Promise<Timing[]> {
  for (const { exporter, path } of contestants) for (let at = 0; at < 20; at++) await exporter.scrape(path);
  const before = contestants.map(({ exporter }) => exporter.bill().cpuSeconds);
  const milliseconds: number[][] = contestants.map(() => []);
  for (let round = 0; round < scrapes; round++) {
    for (const [at, { exporter, path }] of contestants.entries()) {
      const started = performance.now();
      await exporter.scrape(path);
      milliseconds[at]!.push(performance.now() - started);
    }
  }
  return contestants.map(({ exporter }, at) => ({
    milliseconds: milliseconds[at]!.sort((a, b) => a - b),
    cpuSecondsPerScrape: (exporter.bill().cpuSeconds - before[at]!) / scrapes,
  }));
}

export function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)]!;
}
