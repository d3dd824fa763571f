// Methods, path tricks and bodies against a broker in front of an engine that keeps every byte: only listed calls reach it, written anew.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readCalls, writeCalls } from '../../../core/contracts/broker.ts';
import { type RecordingEngine, startRecordingEngine } from '../../fakes/recording-engine.ts';
import { crookedTexts, goodBodies, imageId } from './bodies.ts';
import { dangerousBodies } from './dangerous-bodies.ts';
import { openPolicy, send, startTestBroker, type TestBroker } from './harness.ts';

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
      'POST /services/{service}/update': '?version=3',
      'GET /containers/{container}/logs': '?stdout=1&timestamps=1&tail=10',
      'GET /services/{service}/logs': '?stdout=1&timestamps=1&details=1&tail=10',
      'GET /system/df': '?type=volume',
    };
    const bodies: Record<string, unknown> = {
      'POST /services/{service}/update': goodBodies.find(({ call }) => call === 'POST /services/create')!.body,
    };
    for (const [socket, calls] of [[broker.read, readCalls] as const, [broker.write, writeCalls] as const]) {
      for (const call of calls) {
        const [method, template] = call.split(' ') as [string, string];
        const filled = template
          .replace('{id}', 'web.1')
          .replace(/\{(c|ownC)ontainer\}/, 'odyssey-ingress')
          .replace('{service}', 'shop-r12')
          .replace('{ownNetwork}', 'env-one')
          .replace('{imageId}', imageId)
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
      'DELETE /containers/odyssey-ingress?v=1&link=1',
      'GET /system/df',
    ],
    ...['POST /containers/victim/stop', 'POST /containers/victim/start', 'POST /containers/a1a1a1a1a1a1/restart'],
    ...['DELETE /containers/victim?force=1', `DELETE /containers/${'a1'.repeat(32)}`],
    ...['odyssey-broker', 'odyssey-broker-1', 'b'.repeat(64)].flatMap((self) => [
      `POST /containers/${self}/stop`,
      `POST /containers/${self}/restart?t=0`,
      `DELETE /containers/${self}?force=1`,
    ]),
    ...['POST /containers/create?name=odyssey-broker', 'DELETE /networks/odyssey_default'],
    ...['victim', 'stack_web', 'y0u6cfcgfu5g6bcufo5yin2zi', 'shop'].flatMap((foreign) => [
      `DELETE /services/${foreign}`,
      `POST /services/${foreign}/update?version=1`,
    ]),
    ...['shop', 'registry:5000/team/shop:1', `shop@${imageId}`, 'sha256:a1a1', 'a1a1a1a1a1a1'].map(
      (image) => `DELETE /images/${image}`,
    ),
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
