// The control plane and the broker as processes: each tells what it itself costs, and promtool reads it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePort, until } from '../detectors/on-history/stack.ts';
import { engines } from '../engines.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-cost-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  { part: 'web/server', port: 'WEB_METRICS_PORT' },
  { part: 'web/broker', port: 'BROKER_PORT' },
])('$part tells the memory that the kernel knows of it', { timeout: 60_000 }, async ({ part, port }) => {
  const at = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../..', part, 'main.ts')], {
    env: {
      ...{ PATH: process.env['PATH'], ODYSSEY_DATA: folder, DOCKER_HOST: `unix://${folder}/nobody.sock` },
      ...{ WEB_PORT: String(await freePort()), [port]: String(at) },
    },
    stdio: 'ignore',
  });
  children.push(child);
  const read = async () => (await fetch(`http://127.0.0.1:${at}/metrics`)).text();
  await until(40, `${part} listens`, async () => (await fetch(`http://127.0.0.1:${at}/healthz`)).ok);
  const text = await read();
  const told = Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1]);
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
  expect(Math.abs(told / 1024 - kilobytes) / kilobytes).toBeLessThan(0.3);
  expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  expect(text).toMatch(/^process_start_time_seconds 1\d{9}/m);
  if (engines[0])
    expect(execFileSync(engines[0].promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
});
