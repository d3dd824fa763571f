// The real process: it listens, says what is wrong with its settings, and ends when told.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePort, until } from './on-history/stack.ts';

const main = join(import.meta.dirname, '../../detectors/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'detectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(args: string[], settings: Record<string, string>) {
  const env = { PATH: process.env['PATH'], ODYSSEY_DATA: folder, ...settings };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, said: () => said };
}

test('one listener a detector; alive without Prometheus, not ready, and gone at SIGTERM', {
  timeout: 40_000,
}, async () => {
  const [gpu, container, processes, disk, nobody] = await Promise.all(Array.from({ length: 5 }, freePort));
  const { child, ended } = start([], {
    PROMETHEUS_URL: `http://127.0.0.1:${nobody}`,
    DETECTOR_GPU_PORT: String(gpu),
    DETECTOR_CONTAINER_PORT: String(container),
    DETECTOR_PROCESS_PORT: String(processes),
    DETECTOR_DISK_PORT: String(disk),
  });
  for (const [detector, port] of Object.entries({ gpu, container, process: processes, disk })) {
    await until(20, `${detector} listens`, async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
    const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
    expect(health).toMatchObject({ detector, ready: false });
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(503);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain(`anomaly_detection_errors_total{detector="${detector}"}`);
    expect(/^process_resident_memory_bytes \d{7,}$/m.test(metrics), 'one process tells its cost once').toBe(
      detector === 'gpu',
    );
    expect((await fetch(`http://127.0.0.1:${port}/v1/threats`)).status).toBe(detector === 'process' ? 401 : 404);
  }
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('--only runs one', { timeout: 40_000 }, async () => {
  const [gpu, disk] = await Promise.all([freePort(), freePort()]);
  const { child, ended } = start(['--only', 'disk'], {
    DETECTOR_GPU_PORT: String(gpu),
    DETECTOR_DISK_PORT: String(disk),
  });
  await until(20, 'disk listens', async () => (await fetch(`http://127.0.0.1:${disk}/healthz`)).ok);
  await expect(fetch(`http://127.0.0.1:${gpu}/healthz`)).rejects.toThrow();
  const metrics = await (await fetch(`http://127.0.0.1:${disk}/metrics`)).text();
  expect(metrics).toMatch(/^process_start_time_seconds 1\d{9}/m);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test.each([
  { given: 'a wrong setting', args: [], settings: { DETECTOR_TICK: 'soon' }, says: 'DETECTOR_TICK' },
  { given: 'an unknown detector', args: ['--only', 'moon'], settings: {}, says: 'usage' },
])('$given: it says so and ends with 1', async ({ args, settings, says }) => {
  const { ended, said } = start(args, settings as unknown as Record<string, string>);
  expect(await ended).toBe(1);
  expect(said()).toContain(says);
});
