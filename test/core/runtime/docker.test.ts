// The client's side of the broker: calls by their listed names, errors with their words, streams line by line, all bounded in time and size.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WriteCall } from '../../../core/contracts/broker.ts';
import { createDocker, type Docker, DockerError } from '../../../core/runtime/docker.ts';
import { always, answer, type RecordingEngine, startRecordingEngine } from '../../fakes/recording-engine.ts';

let engine: RecordingEngine;
let docker: Docker<WriteCall>;

beforeAll(async () => {
  engine = await startRecordingEngine();
  docker = createDocker<WriteCall>({ socketPath: engine.socketPath, timeoutSeconds: 0.5, answerBytesMax: 1_000 });
});
beforeEach(() => {
  engine.requests.length = 0;
});
afterAll(() => engine.close());

test('a call fills in its parts, its query and its body', async () => {
  engine.script = always(200, { Warnings: null });
  const parts = { service: 'shop-r12' };
  expect(
    await docker.call('POST /services/{service}/update', { parts, query: { version: '7' }, body: { Name: 'ä' } }),
  ).toEqual({ Warnings: null });
  expect(engine.requests[0]).toMatchObject({ line: 'POST /services/shop-r12/update?version=7' });
  expect(Buffer.from(engine.requests[0]!.body, 'latin1').toString()).toBe('{"Name":"ä"}');
});

test('a part cannot become another path', async () => {
  engine.script = always(200, {});
  await docker.call('GET /volumes/{id}', { parts: { id: 'a?b#c%2f' } });
  expect(engine.requests[0]!.line).toBe('GET /volumes/a%3Fb%23c%252f');
  for (const id of ['a/../b', '..', '']) {
    await docker.call('GET /volumes/{id}', { parts: { id } }).catch(() => undefined);
  }
  await docker.call('GET /images/{image}/json', { parts: { image: 'a/../../volumes' } }).catch(() => undefined);
  expect(engine.requests.slice(1).map(({ line }) => line)).toEqual(['GET /volumes/a%2F..%2Fb']);
  await expect(docker.call('GET /volumes/{id}')).rejects.toThrow('needs id');
});

test('an answer without content is undefined, and a call without body says so', async () => {
  engine.script = (_recorded, socket) => void socket.end('HTTP/1.1 204 No Content\r\n\r\n');
  expect(await docker.call('POST /containers/{container}/start', { parts: { container: 'a' } })).toBeUndefined();
  expect(engine.requests[0]!.headers.map((header) => header.toLowerCase())).toContain('content-length: 0');
});

test('credentials travel in their header', async () => {
  engine.script = always(200, {});
  await docker.call('GET /distribution/{image}/json', {
    parts: { image: 'registry:5000/a/b' },
    registryAuth: { username: 'a' },
  });
  const header = engine.requests[0]!.headers.find((one) => /^x-registry-auth/i.test(one))!;
  expect(JSON.parse(Buffer.from(header.split(': ')[1]!, 'base64url').toString())).toEqual({ username: 'a' });
});

describe('what goes wrong', () => {
  test('a refusal keeps its status and its words', async () => {
    engine.script = always(403, { message: 'The broker refuses this call: body' });
    const failed = await docker.call('GET /info').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(DockerError);
    expect(failed).toMatchObject({ status: 403, message: 'The broker refuses this call: body' });
  });

  test.each<[string, (socket: import('node:net').Socket) => void]>([
    ['silence', () => undefined],
    ['half an answer', (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
    ['a closed connection', (socket) => void socket.destroy()],
    ['too long an answer', (socket) => void socket.end(answer(200, `"${'a'.repeat(2_000)}"`))],
    ['broken JSON', (socket) => void socket.end(answer(200, '{'))],
  ])('%s is an error within the deadline', async (_name, script) => {
    engine.script = (_recorded, socket) => script(socket);
    const started = performance.now();
    await expect(docker.call('GET /info')).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('the caller may give up', async () => {
    engine.script = () => undefined;
    await expect(docker.call('GET /info', { signal: AbortSignal.timeout(50), timeoutSeconds: 5 })).rejects.toThrow();
  });
});

describe('a stream', () => {
  const opening = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n\r\n';
  const read = async () => {
    const seen: unknown[] = [];
    for await (const event of docker.stream('GET /events')) seen.push(event);
    return seen;
  };

  test('gives whole values, however they were cut, and may be silent for longer than a call', async () => {
    engine.script = (_recorded, socket) => {
      socket.write(`${opening}{"a":1}\n{"b"`);
      setTimeout(() => socket.end(':"ä"}\n'), 700);
    };
    expect(await read()).toEqual([{ a: 1 }, { b: 'ä' }]);
  });

  test.each([
    ['cut in the middle of a value', (socket: import('node:net').Socket) => void socket.end(`${opening}{"a":1}\n{"b"`)],
    ['a value too long', (socket: import('node:net').Socket) => void socket.end(`${opening}${'a'.repeat(3_000)}\n`)],
    ['refused', (socket: import('node:net').Socket) => void socket.end(answer(429, '{"message":"later"}'))],
  ])('%s is an error', async (_name, script) => {
    engine.script = (_recorded, socket) => script(socket);
    await expect(read()).rejects.toThrow();
  });
});
