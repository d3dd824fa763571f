// How many lines of the request log the receiver takes: sent by a process of its own, as HAProxy is one.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFigures } from '../../../web/server/ingress/figures.ts';
import { startReceiver } from '../../../web/server/ingress/receiver.ts';
import { root } from '../../tidy/tree.ts';
import { barred, type Figure, told } from '../figure.ts';

const lines = 500_000;

export async function proveReceiver(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ody-rec-'));
  const socketPath = join(folder, 'requests.sock');
  const monotonicSeconds = () => performance.now() / 1000;
  const receiver = await startReceiver({ socketPath, figures: createFigures(), monotonicSeconds });
  const sender = join(root, 'test/prove/deployments/sender/main.ts');
  try {
    const child = spawn(process.execPath, [sender, socketPath, String(lines)], { stdio: 'inherit' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (receiver.lines().counted === 0 && child.exitCode === null) await new Promise(setImmediate);
    const began = performance.now();
    const first = receiver.lines().counted;
    const before = process.cpuUsage();
    await ended;
    for (let tries = 0; receiver.lines().counted < lines && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(before);
    return [
      barred('deployments.receiver.lines', receiver.lines().counted, '==', lines),
      barred('deployments.receiver.lines_per_second', (lines - first) / seconds, '>=', 50_000, '1/s'),
      told('deployments.receiver.cpu_per_line', (user + system) / (lines - first), 'us'),
    ];
  } finally {
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
