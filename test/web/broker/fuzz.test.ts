// Methods, path tricks and bodies against a broker in front of an engine that keeps every byte: only listed calls reach it, written anew.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readCalls, writeCalls } from '../../../core/contracts/broker.ts';
import { type RecordingEngine, startRecordingEngine } from '../../fakes/recording-engine.ts';
import { crookedTexts, goodBodies } from './bodies.ts';
import { dangerousBodies } from './dangerous-bodies.ts';
import { openPolicy, send, sendRaw, startTestBroker, type TestBroker } from './harness.ts';

let engine: RecordingEngine;
let broker: TestBroker;

beforeAll(async () => {
  engine = await startRecordingEngine();
  broker = await startTestBroker(engine.socketPath, { policy: { volumes: openPolicy.volumes } });
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

describe('what is listed reaches the engine', () => {
  test.each(readCalls.filter((call) => call !== 'GET /_ping'))('%s on the read socket', async (call) => {
    const target = call.split(' ')[1]!.replace('{id}', 'web.1');
    const query = target.endsWith('/stats') ? '?stream=0&one-shot=1' : '';
    expect(await send(broker.read, 'GET', target + query)).toMatchObject({ status: 200 });
    expect(lines()).toEqual([`GET ${target}${query.replace('0', 'false').replace('1', 'true')}`]);
  });

  test.each(goodBodies)('$call with $name, written anew', async ({ call, target, body }) => {
    const [method] = call.split(' ');
    const spaced = JSON.stringify(body, undefined, 3);
    const answer = await send(broker.write, method!, `/v1.45${target}`, spaced, ['X-Evil: 1', 'Cookie: a=b']);
    expect(answer.status).toBeLessThan(300);
    expect(lines()).toEqual([`${method} ${target}`]);
    const [recorded] = engine.requests;
    expect(JSON.parse(Buffer.from(recorded!.body, 'latin1').toString())).toEqual(body);
    expect(recorded!.body).not.toContain('\n');
    expect(recorded!.headers.map((header) => header.split(':')[0]!.toLowerCase()).sort()).toEqual([
      'accept',
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
  });

  test('every row of both tables can be reached by some request', async () => {
    const withBody = new Map(goodBodies.map((good) => [good.call as string, good]));
    const queries: Record<string, string> = {
      'GET /containers/{id}/stats': '?stream=false',
      'POST /images/create': '?fromImage=registry:5000/shop&tag=1',
      'POST /services/{id}/update': '?version=3',
    };
    const bodies: Record<string, unknown> = {
      'POST /services/{id}/update': goodBodies.find(({ call }) => call === 'POST /services/create')!.body,
    };
    for (const [socket, calls] of [[broker.read, readCalls] as const, [broker.write, writeCalls] as const]) {
      for (const call of calls) {
        const [method, template] = call.split(' ') as [string, string];
        const filled = template
          .replace('{id}', 'web.1')
          .replace('{image}', 'registry:5000/team/shop:1')
          .replace('{network}', 'env-one')
          .replace('{volume}', 'vol-data')
          .replace('{secret}', 'db-1');
        const target = withBody.get(call)?.target ?? filled + (queries[call] ?? '');
        const { status, body } = await send(socket, method, target, withBody.get(call)?.body ?? bodies[call]);
        expect({ call, status, body }).toMatchObject({ status: expect.toSatisfy((code: number) => code < 300) });
      }
    }
  });
});

describe('what is not listed does not', () => {
  test.each(dangerousBodies)('$name', async ({ call, target, body }) => {
    const { status, body: said } = await send(broker.write, call.split(' ')[0]!, target, body);
    expect({ status, said }).toMatchObject({ status: 403 });
    expect(lines()).toEqual([]);
  });

  test('there are at least fifty dangerous bodies', () => expect(dangerousBodies.length).toBeGreaterThanOrEqual(50));

  test.each(crookedTexts)('a body with $name', async ({ text }) => {
    expect(await send(broker.write, 'POST', '/volumes/create', text)).toMatchObject({ status: 403 });
    expect(lines()).toEqual([]);
  });

  test.each(writeCalls.filter((call) => !call.startsWith('GET')))('%s on the read socket', async (call) => {
    const [method, template] = call.split(' ') as [string, string];
    const good = goodBodies.find((one) => one.call === call);
    const target = good?.target ?? template.replaceAll(/\{\w+\}/g, 'env-one');
    expect(await send(broker.read, method, target, good?.body)).toMatchObject({ status: 403 });
    expect(lines()).toEqual([]);
  });

  test.each([
    ...[
      'POST /containers/victim/exec',
      'POST /exec/abc/start',
      'POST /containers/victim/attach',
      'POST /containers/victim/update',
    ],
    ...[
      'GET /containers/victim/archive?path=/',
      'PUT /containers/victim/archive?path=/',
      'GET /containers/victim/export',
    ],
    ...[
      'POST /build',
      'POST /commit?container=victim',
      'POST /plugins/pull?remote=evil',
      'POST /session',
      'POST /grpc',
    ],
    ...[
      'POST /images/load',
      'GET /images/get?names=a',
      'POST /images/create?fromSrc=http://10.0.0.1/x.tar',
      'POST /auth',
    ],
    ...[
      'GET /containers/victim/top',
      'GET /containers/victim/logs?stdout=1',
      'POST /containers/prune',
      'POST /swarm/leave?force=1',
    ],
    ...['POST /swarm/join', 'GET /swarm/unlockkey', 'POST /configs/create', 'GET /configs', 'GET /secrets/db-1'],
    ...[
      'DELETE /volumes/odyssey_broker-write',
      'DELETE /networks/bridge',
      'DELETE /containers/victim?v=1&link=1',
      'GET /system/df',
    ],
  ])('%s on either socket', async (line) => {
    const [method, target] = line.split(' ') as [string, string];
    for (const socket of [broker.read, broker.write]) {
      expect(await send(socket, method, target)).toMatchObject({ status: 403 });
    }
    expect(lines()).toEqual([]);
  });

  test.each([
    'size=1',
    'size=true',
    'size=0',
    'all=1&all=0',
    'all=2',
    'limit=-1',
    'filters=nonsense',
    'filters={"label":["a"],"label":["b"]}',
    'filters={"volume":"x"}',
    'unknown=1',
    'all=%GG',
    'all=1;size=1',
    'all=1%00',
  ])('a list of containers with ?%s', async (query) => {
    expect(
      (await send(broker.read, 'GET', `/containers/json?${encodeURI(query).replaceAll('%25', '%')}`)).status,
    ).not.toBe(200);
    expect(lines()).toEqual([]);
  });
});

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

test('requests put together at random reach the engine only as listed calls', async () => {
  const words = fc.constantFrom(
    ...[
      'containers',
      'json',
      'create',
      'exec',
      'images',
      'v1.43',
      '..',
      '.',
      '',
      '%2e%2e',
      '%2f',
      'victim',
      'stats',
      'events',
    ],
    ...[
      'info',
      'build',
      'services',
      'swarm',
      'start',
      'archive',
      'Containers',
      '%00',
      '~',
      'a b',
      'volumes',
      '_ping',
      '%25',
    ],
  );
  const targets = fc.array(words, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  const queries = fc.constantFrom(
    '',
    '?size=1',
    '?all=1',
    '?stream=0',
    '?name=x',
    '?fromSrc=-',
    '?v=1',
    '?all=0&all=1',
  );
  const methods = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'PATCH');
  const allowed = new RegExp(
    `^(${readCalls.map((call) => call.replaceAll('/', '\\/').replace('{id}', '[\\w.-]+')).join('|')})(\\?[a-z-]+=[\\w]+)?$`,
  );
  await fc.assert(
    fc.asyncProperty(methods, targets, queries, async (method, target, query) => {
      engine.requests.length = 0;
      await send(broker.read, method, target + query);
      for (const line of lines()) {
        expect(line).toMatch(allowed);
        expect(line).not.toContain('size');
      }
    }),
    { numRuns: 1_500 },
  );
}, 60_000);

test('refusals are counted by method, route and reason, and written without values', async () => {
  await send(broker.write, 'POST', '/volumes/create', { Name: 'vol-x', DriverOpts: { device: 'hunter2' } });
  await send(broker.read, 'BREW', '/coffee?token=hunter2');
  const counted = broker.broker.samples().filter(({ name }) => name === 'broker_refusals_total');
  expect(counted.map(({ labels }) => labels)).toContainEqual({
    socket: 'write',
    method: 'POST',
    route: 'POST /volumes/create',
    reason: 'body',
  });
  expect(counted.map(({ labels }) => labels)).toContainEqual({
    socket: 'read',
    method: 'GET',
    route: '/system',
    reason: 'not-listed',
  });
  const logged = JSON.stringify(broker.logged);
  expect(logged).toContain('not-listed');
  expect(logged).not.toContain('hunter2');
});
