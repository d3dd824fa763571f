// The doctor's facts from this machine and from real sockets.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { gatherDocker } from '../../../compose/doctor/docker.ts';
import { gather } from '../../../compose/doctor/gather.ts';
import { gatherPorts } from '../../../compose/doctor/gather-ports.ts';
import { portsFrom } from '../../../compose/ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-doctor-'));
let server: Server | undefined;
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

async function listen(handler: RequestListener, ...at: [number, string] | [string]): Promise<Server> {
  server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server!.once('error', reject);
    server!.listen(...(at as [string]), resolve);
  });
  return server;
}

/** Below the ports that the kernel gives to connections, and apart from those of other tests. */
const base = 10_000 + (process.pid % 130) * 100;

test('this machine has facts', async () => {
  const facts = await gather({
    dataDir: join(folder, 'not/there/yet'),
    ports: portsFrom(base),
    ourPids: [],
    dockerHost: undefined,
  });
  expect(facts.memoryBytes).toBeGreaterThan(2 ** 28);
  expect(facts.swapBytes).toBeGreaterThanOrEqual(0);
  expect(facts.disk).toMatchObject({ folder, freeBytes: expect.any(Number) });
  expect(facts.kernel).toMatch(/^\d+\.\d+/);
  expect(facts.ports).toHaveLength(Object.keys(portsFrom(0)).length);
  expect(facts.node).toBe(process.version);
  rmSync(folder, { recursive: true, force: true });
});

describe('ports', () => {
  test.each([
    {
      given: 'somebody else',
      ours: false,
      expected: { state: 'taken', owner: expect.stringContaining(`process ${process.pid})`) },
    },
    { given: 'a child of ours', ours: true, expected: { state: 'ours' } },
  ])('one that $given holds', async ({ ours, expected }) => {
    await listen((_, response) => response.end(), 9093 + base, '127.0.0.1');
    const facts = await gatherPorts(portsFrom(base), ours ? [process.pid] : []);
    expect(facts.find(({ name }) => name === 'alertmanager')).toMatchObject(expected);
    expect(facts.filter(({ state }) => state === 'free')).toHaveLength(Object.keys(portsFrom(0)).length - 1);
  });
});

describe('docker', () => {
  const socket = join(tmpdir(), `odyssey-doctor-${process.pid}.sock`);
  const engine: RequestListener = (request, response) => {
    const answers: Record<string, object> = { '/version': { Version: '28.5.2' }, '/info': { LoggingDriver: 'local' } };
    response.end(JSON.stringify(answers[request.url!]));
  };

  test.each([
    { given: 'an engine', handler: engine, expected: { kind: 'engine', version: '28.5.2', logDriver: 'local' } },
    {
      given: 'an engine that refuses',
      handler: ((_, response) => response.writeHead(403).end()) satisfies RequestListener,
      expected: { kind: 'refused', reason: expect.stringContaining('status 403') },
    },
    {
      given: 'nonsense',
      handler: ((_, response) => response.end('<html>')) satisfies RequestListener,
      expected: { kind: 'refused', reason: expect.stringContaining('does not answer') },
    },
    {
      given: 'no answer at all',
      handler: (() => {}) satisfies RequestListener,
      expected: { kind: 'refused', reason: expect.stringContaining('no answer in 3 s') },
    },
  ])('$given', { timeout: 10_000 }, async ({ handler, expected }) => {
    const listening = await listen(handler, socket);
    expect(await gatherDocker(`unix://${socket}`)).toMatchObject(expected);
    listening.closeAllConnections();
  });

  test('no socket is no engine; an address of another kind is refused', async () => {
    expect(await gatherDocker('unix:///nowhere.sock')).toEqual({ kind: 'absent' });
    expect(await gatherDocker('ssh://host')).toMatchObject({ kind: 'refused' });
  });
});
