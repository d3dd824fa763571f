// GET on an engine, against a real server: bounded in time and size, refusing anything but 200.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDockerGet, parseDockerHost } from '../../collector/docker-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'docker-api-'));
const socket = join(folder, 'docker.sock');
let server: Server;
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(socket, { force: true });
});

const get = createDockerGet(`unix://${socket}`);

test('the parsed answer', async () => {
  answer = (request, response) => response.end(JSON.stringify([request.method, request.url]));
  expect(await get('/v1.40/containers/json', 1)).toEqual(['GET', '/v1.40/containers/json']);
});

test.each<{ given: string; listener: RequestListener; gives: string }>([
  {
    given: 'an error of the engine',
    listener: (_, response) => response.writeHead(500).end('{}'),
    gives: 'answered /x with 500',
  },
  { given: 'no JSON', listener: (_, response) => response.end('<html>'), gives: 'JSON' },
  { given: 'silence', listener: () => undefined, gives: 'did not answer /x within 0.1 s' },
  {
    given: 'a body that never ends',
    listener: (_, response) => void response.write('['),
    gives: 'did not answer /x within 0.1 s',
  },
  { given: 'a connection that is cut', listener: (request) => request.socket.destroy(), gives: 'socket hang up' },
])('$given rejects', async ({ listener, gives }) => {
  answer = listener;
  await expect(get('/x', 0.1)).rejects.toThrow(gives);
});

test('after a failure the next request works', async () => {
  answer = () => undefined;
  await expect(get('/x', 0.05)).rejects.toThrow();
  answer = (_, response) => response.end('{}');
  expect(await get('/x', 1)).toEqual({});
});

test('no engine at all rejects', async () => {
  await expect(createDockerGet(`unix://${folder}/none.sock`)('/x', 1)).rejects.toThrow('ENOENT');
});

test.each([
  { text: 'unix:///var/run/docker.sock', gives: { socketPath: '/var/run/docker.sock' } },
  { text: 'tcp://127.0.0.1:2375', gives: { host: '127.0.0.1', port: 2375 } },
  { text: 'tcp://[::1]:2375', gives: { host: '::1', port: 2375 } },
])('$text', ({ text, gives }) => {
  expect(parseDockerHost(text)).toEqual(gives);
});
