// The small server, asked over real connections.
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exposition, json, type Listener, listen, plain } from '../../../core/runtime/http.ts';

const errors: string[] = [];
let listener: Listener;

beforeAll(async () => {
  listener = await listen({
    host: '127.0.0.1',
    port: 0,
    routes: {
      '/metrics': (query) => exposition(`a{x="${query.get('x') ?? ''}"} 1\n`),
      '/json': () => json(201, { grüße: true }),
      '/slow': async () => plain(200, 'ok\n'),
      '/headers': (_, headers) => plain(200, headers.authorization ?? 'none'),
      '/broken': () => {
        throw new Error('a secret reason');
      },
      '/rejected': () => Promise.reject(new Error('another')),
    },
    onError: (path, error) => void errors.push(`${path}: ${(error as Error).message}`),
  });
});

afterAll(() => listener.close());

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

function ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: listener.port, path, method, headers }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode!, headers: response.headers, body });
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('answers', () => {
  test.each([
    { path: '/metrics?x=1', status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: 'a{x="1"} 1\n' },
    { path: '/json', status: 201, type: 'application/json', body: '{"grüße":true}\n' },
    { path: '/slow', status: 200, type: 'text/plain; charset=utf-8', body: 'ok\n' },
    { path: '/headers', status: 200, type: 'text/plain; charset=utf-8', body: 'none' },
    { path: '/none', status: 404, type: 'text/plain; charset=utf-8', body: /^Nothing here; try \/metrics/ },
    { path: '/constructor', status: 404, type: 'text/plain; charset=utf-8', body: /^Nothing/ },
    { path: '//metrics', status: 404, type: 'text/plain; charset=utf-8', body: /^Nothing/ },
    { path: '/broken', status: 500, type: 'text/plain; charset=utf-8', body: 'Failed; the reason is in the log.\n' },
    { path: '/rejected', status: 500, type: 'text/plain; charset=utf-8', body: 'Failed; the reason is in the log.\n' },
  ])('$path → $status', async ({ path, status, type, body }) => {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status, body: expect.stringMatching(body) });
    expect(answer.headers).toMatchObject({ 'content-type': type, 'x-content-type-options': 'nosniff' });
  });

  test('reasons go to the caller, not to the client', () => {
    expect(errors).toEqual(['/broken: a secret reason', '/rejected: another']);
  });

  test('headers reach the handler', async () => {
    expect((await ask('/headers', 'GET', { authorization: 'Bearer x' })).body).toBe('Bearer x');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
    expect((await ask('/metrics', method)).status).toBe(405);
  });

  test('HEAD has the length and no body', async () => {
    const { status, headers, body } = await ask('/metrics', 'HEAD');
    expect([status, body, headers['content-length']]).toEqual([200, '', '10']);
  });
});

test.each(['GET // HTTP/1.1', 'GET http://[ HTTP/1.1', 'GET * HTTP/1.1', 'nonsense'])(
  '%j does not stop the server',
  async (line) => {
    await new Promise<void>((resolve) => {
      const socket = connect(listener.port, '127.0.0.1', () => socket.end(`${line}\r\nhost: x\r\n\r\n`));
      socket.on('data', () => undefined);
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
    });
    expect((await ask('/metrics')).status).toBe(200);
  },
);

test('a port that is taken says what to do', async () => {
  const again = listen({ host: '127.0.0.1', port: listener.port, routes: {}, onError: () => undefined });
  await expect(again).rejects.toThrow(/is in use; stop what listens there/);
});

test('close ends connections that are kept open', async () => {
  const short = await listen({ host: '127.0.0.1', port: 0, routes: {}, onError: () => undefined });
  const socket = connect(short.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  await short.close();
  await ended;
});
