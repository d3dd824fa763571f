// The whole process on a disk that fills up between two checkpoints: it lives, answers, and signs once there is space.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-full-process-'));
const outside = mkdtempSync(join(tmpdir(), 'odyssey-anchor-'));
const mounted = mountSmall();
let child: ChildProcess | undefined;

afterAll(() => {
  child?.kill('SIGKILL');
  if (mounted) execFileSync('umount', ['-l', folder]);
  for (const one of [folder, outside]) rmSync(one, { recursive: true, force: true });
});

function mountSmall(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not root
  }
}

function fillUp(path: string): void {
  const file = openSync(path, 'a');
  for (const size of [65_536, 4_096, 512, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch {
      // full for this size: try a smaller one
    }
  }
  closeSync(file);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

test.skipIf(!mounted)(
  'a checkpoint that cannot be written ends nothing',
  async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const anchorFile = join(outside, 'anchors.txt');
    let said = '';
    let ended: number | null | undefined;
    child = spawn(process.execPath, [join(import.meta.dirname, '../../../../web/server/main.ts')], {
      env: {
        ...{ PATH: process.env['PATH'], ODYSSEY_DATA: folder, WEB_PORT: String(port) },
        ...{ WEB_METRICS_PORT: String(metricsPort), WEB_AUDIT_CHECKPOINT: '5s', WEB_AUDIT_ANCHOR_FILE: anchorFile },
      },
    });
    child.on('exit', (status) => {
      ended = status;
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    const wait = { timeout: 30_000, interval: 100 };
    const token = await vi.waitFor(() => /token \(.*\): (\S{43})/.exec(said)![1]!, wait);
    const made = await fetch(`http://127.0.0.1:${port}/api/v1/setup`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ token, name: 'somebody', password: 'correct horse battery staple' }),
    });
    expect(made.status).toBe(201);
    fillUp(join(folder, 'filler'));
    await vi.waitFor(() => expect(said).toContain('no checkpoint could be signed'), wait);
    expect(ended).toBeUndefined();
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/setup`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).status).toBe(200);
    rmSync(join(folder, 'filler'));
    await vi.waitFor(() => expect(existsSync(anchorFile)).toBe(true), wait);
    expect(readFileSync(anchorFile, 'utf8')).toMatch(/\n— odyssey\/audit /);
    expect(ended).toBeUndefined();
  },
  60_000,
);
