// Path tricks and message framing: what the matcher read is what the engine gets, or nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RecordingEngine, startRecordingEngine } from '../../fakes/recording-engine.ts';
import { send, sendRaw, startTestBroker, type TestBroker } from './harness.ts';

let engine: RecordingEngine;
let broker: TestBroker;

beforeAll(async () => {
  engine = await startRecordingEngine();
  broker = await startTestBroker(engine.socketPath);
});
beforeEach(() => {
  engine.requests.length = 0;
});
afterAll(async () => {
  await broker.close();
  await engine.close();
});

const longName = `/containers/${'a'.repeat(129)}/json`;
const longPath = `/${'a/'.repeat(5_000)}`;
const lines = () => engine.requests.map(({ line }) => line);

describe('path tricks', () => {
  test.each([
    ['//containers///json', '/containers/json'],
    ['/./containers/./json', '/containers/json'],
    ['/exec/../containers/json', '/containers/json'],
    ['/%63ontainers/json', '/containers/json'],
    ['/v1.24/containers/json', '/containers/json'],
    ['/containers/json/', '/containers/json'],
    ['/v1.24//containers/%2e/json', '/containers/json'],
    ['/containers/victim/../json', '/containers/json'],
    ['/containers/victim/exec/../json', '/containers/victim/json'],
  ])('%s is read as %s before it is matched, and sent as that', async (target, sent) => {
    await send(broker.read, 'GET', target);
    expect(lines()).toEqual([`GET ${sent}`]);
  });

  test.each([
    ...[
      '/containers%2fjson',
      '/containers%2Fvictim%2Fjson',
      '/containers/victim%2f..%2fjson',
      '/containers/%252e%252e/json',
    ],
    ...[
      '/Containers/json',
      '/containers/JSON',
      '/CONTAINERS/json',
      '/V1.43/containers/json',
      '/v1.43.1/containers/json',
    ],
    ...['/v1.43/v1.43/containers/json', '/v2.0/containers/json', 'http://docker/containers/json', 'docker:80', '*'],
    ...[
      '/containers/json#fragment',
      '/containers/json%00',
      '/containers\\json',
      '/containers/json;size=1',
      '/containers/%ff/json',
    ],
    ...['/containers/victim%0d%0aX:1/json', '/containers/-victim/json', longName, longPath],
    ...['/containers/victim/json/exec', '/containers/victim%20/json', '/..%2fcontainers/json'],
  ])('%s is refused', async (target) => {
    for (const socket of [broker.read, broker.write]) {
      expect((await send(socket, 'GET', target)).status).not.toBe(200);
    }
    expect(lines()).toEqual([]);
  });

  test.each(['HEAD', 'PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'get', 'Get', 'CONNECT', 'PURGE', 'POST'])(
    'the method %s on a path that is read',
    async (method) => {
      for (const socket of [broker.read, broker.write]) {
        expect((await send(socket, method, '/containers/json')).status).not.toBe(200);
      }
      expect(lines()).toEqual([]);
    },
  );
});

describe('where a message ends', () => {
  const body = JSON.stringify({ Name: 'vol-a' });
  const head = `POST /volumes/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n`;
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const smuggled = 'GET /containers/json HTTP/1.1\r\nHost: d\r\n\r\n';
  test.each([
    { name: 'chunks', bytes: `${head}Transfer-Encoding: chunked\r\n\r\n${chunked}` },
    {
      name: 'a length and chunks',
      bytes: `${head}Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
    },
    { name: 'chunks and a length', bytes: `${head}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n${chunked}` },
    { name: 'crooked chunks', bytes: `${head}Transfer-Encoding: xchunked\r\n\r\n${chunked}` },
    { name: 'two lengths', bytes: `${head}Content-Length: ${body.length}\r\nContent-Length: 3\r\n\r\n${body}` },
    {
      name: 'two equal lengths',
      bytes: `${head}Content-Length: ${body.length}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    },
    { name: 'a signed length', bytes: `${head}Content-Length: +${body.length}\r\n\r\n${body}` },
    {
      name: 'a folded header',
      bytes: `${head}X: a\r\n Content-Length: 3\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    },
    { name: 'a space before the colon', bytes: `${head}Content-Length : ${body.length}\r\n\r\n${body}` },
    { name: 'a bare line feed', bytes: `${head.replaceAll('\r\n', '\n')}Content-Length: ${body.length}\n\n${body}` },
    {
      name: 'an upgrade',
      bytes: `${head}Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    },
    { name: 'an expectation', bytes: `${head}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body}` },
    { name: 'a packed body', bytes: `${head}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n${body}` },
    {
      name: 'another type',
      bytes: `${head.replace('application/json', 'text/plain')}Content-Length: ${body.length}\r\n\r\n${body}`,
    },
    { name: 'a body too long', bytes: `${head}Content-Length: 999999999\r\n\r\n${body}` },
    { name: 'no length at all', bytes: `${head}\r\n${body}` },
    {
      name: 'a body on a GET, which hides a request',
      bytes: `GET /volumes HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    },
    {
      name: 'no host',
      bytes: `POST /volumes/create HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    },
    { name: 'HTTP/0.9', bytes: 'GET /containers/json\r\n\r\n' },
    { name: 'another protocol', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
    {
      name: 'a huge header',
      bytes: `${head}X: ${'a'.repeat(40_000)}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    },
  ])('$name is refused', async ({ bytes }) => {
    expect((await sendRaw(broker.write, bytes, 1_000)).status).not.toBe(200);
    expect(lines()).toEqual([]);
  });

  test('what follows a refused request on the same connection is not read', async () => {
    await sendRaw(
      broker.read,
      `POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\n\r\n{}{}${smuggled}`,
      500,
    );
    expect(lines()).toEqual([]);
  });
});
