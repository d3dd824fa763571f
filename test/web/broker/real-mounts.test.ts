// A real engine mounts the ingress's folder through the broker, until something lies in it that leads to the host.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DockerStart, startDockerEngine } from '../../engine/docker-engine.ts';
import { goodContainer } from './bodies.ts';
import { send, startTestBroker, type TestBroker } from './harness.ts';

let start: DockerStart;
let broker: TestBroker | undefined;
let data: string;

beforeAll(async () => {
  start = await startDockerEngine();
  data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-')));
  mkdirSync(join(data, 'haproxy'));
  writeFileSync(join(data, 'haproxy/haproxy.cfg'), 'global\n');
  if (start.kind === 'absent') return;
  const policy = { binds: [{ source: join(data, 'haproxy'), readOnly: true }] };
  broker = await startTestBroker(start.engine.socketPath, { policy, dataFolder: data });
});

afterAll(async () => {
  await broker?.close();
  if (start.kind === 'engine') await start.engine.stop();
  rmSync(data, { recursive: true, force: true });
});

test('the folder is mounted; with a socket in it no more', async (context) => {
  if (start.kind === 'absent') return context.skip(start.reason);
  const { write } = broker!;
  const good = goodContainer();
  const source = join(data, 'haproxy');
  const Mounts = [{ Type: 'bind', Source: source, Target: '/etc/haproxy', ReadOnly: true }];
  const HostConfig = { ...good.HostConfig, Mounts };
  const body = { ...good, Image: start.engine.imageId, Cmd: ['/bin/sleep', '600'], HostConfig };
  const make = () => send(write, 'POST', '/containers/create?name=odyssey-mounted', body);
  expect(await make()).toMatchObject({ status: 201 });
  expect(await send(write, 'POST', '/containers/odyssey-mounted/start')).toMatchObject({ status: 204 });
  const { text } = await start.engine.ask('GET', '/containers/odyssey-mounted/json');
  expect(JSON.parse(text).Mounts).toMatchObject([{ Type: 'bind', Source: source, RW: false }]);
  expect(await send(write, 'DELETE', '/containers/odyssey-mounted?force=1')).toMatchObject({ status: 204 });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(source, 'docker.sock'), resolve));
  expect(await make()).toMatchObject({ status: 403 });
  await new Promise((resolve) => server.close(resolve));
}, 60_000);
