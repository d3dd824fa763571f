// The receiver of the request log: what HAProxy would send is counted, nonsense is dropped, and it costs little more than reading bytes.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createFigures } from '../../../../web/server/ingress/figures.ts';
import { type Receiver, startReceiver } from '../../../../web/server/ingress/receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'ody-rec-'));
const socketPath = join(folder, 'run/requests.sock');
let receiver: Receiver | undefined;
afterEach(async () => {
  await receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});
const start = async () => {
  const figures = createFigures();
  receiver = await startReceiver({ socketPath, figures, monotonicSeconds: () => 1 });
  return { figures, receiver };
};
const frame = (line: string) => `${line.length} ${line}`;
const line = 'r shop r1 200 15 14 107 s1 ---- 0';

/** Sends it all and waits until the other side has ended, too. */
function send(path: string, text: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path, () => socket.end(text));
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
    socket.resume();
  });
}

test('lines of several workers are counted together; a nonsensical stream is cut and the next one read', async () => {
  const { figures } = await start();
  await Promise.all([send(socketPath, frame(line).repeat(500)), send(socketPath, frame(line).repeat(500))]);
  await send(socketPath, `${frame('r - - 404 0 -1 0 <NOSRV> LR-- 0')}${frame('nonsense')}${frame(line)}`);
  await send(socketPath, `GET / HTTP/1.1\r\n${frame(line)}`);
  await send(socketPath, frame(line));
  expect(receiver!.lines()).toEqual({ counted: 1_002, unrouted: 1, malformed: 2 });
  expect(figures.all(() => 'e1')[0]!.requests['2xx']).toBe(1_002);
  await expect.poll(() => receiver!.connections()).toBe(0);
});

test('a socket that an earlier run left is replaced; only its owner may send', async () => {
  await start();
  await receiver!.close();
  writeFileSync(socketPath, 'left behind');
  await start();
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  await send(socketPath, frame(line));
  expect(receiver!.lines().counted).toBe(1);
});

test('at least 50,000 lines a second, in the best of three rounds', async () => {
  await start();
  const text = Buffer.from(frame(line).repeat(100_000));
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    await send(socketPath, text);
    rates.push(100_000 / ((performance.now() - began) / 1000));
  }
  expect(receiver!.lines()).toEqual({ counted: 300_000, unrouted: 0, malformed: 0 });
  expect(Math.max(...rates)).toBeGreaterThan(50_000);
});
