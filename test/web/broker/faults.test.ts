// F5: the engine hangs, fails, goes away, cuts its streams or talks nonsense; the broker answers in time, stays bounded and recovers alone.
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answer,
  harmless,
  type RecordingEngine,
  type Script,
  startRecordingEngine,
} from '../../fakes/recording-engine.ts';
import { send, sendRaw, startTestBroker, type TestBroker } from './harness.ts';

let engine: RecordingEngine;
let broker: TestBroker;
const clients: Socket[] = [];

beforeEach(async () => {
  engine = await startRecordingEngine();
  broker = await startTestBroker(engine.socketPath, {
    adjust: (row) => ({ ...row, deadlineSeconds: 1, idleSeconds: row.idleSeconds && 0.8 }),
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await broker.close();
  await engine.close();
});

const hang: Script = () => undefined;
const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n`;

/** A client that sends and then never reads a byte. */
function deaf(socketPath: string, target: string): Socket {
  const socket = connect(socketPath);
  socket.on('error', () => undefined);
  socket.write(get(target));
  clients.push(socket);
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(condition()).toBe(true);
}

describe('an engine that does not do its work', () => {
  test('hangs: the call ends at its deadline, and its connection with it', async () => {
    engine.script = hang;
    const started = performance.now();
    expect((await send(broker.read, 'GET', '/info')).status).toBe(504);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(engine.requests).toHaveLength(1); // not asked again
  });

  test('hangs for one container: the others are answered at once', async () => {
    engine.script = (recorded, socket) => (recorded.line.includes('/slow/') ? undefined : harmless(recorded, socket));
    const slow = send(broker.read, 'GET', '/containers/slow/json');
    let slowEnded = false;
    void slow.then(() => {
      slowEnded = true;
    });
    const others = await Promise.all(
      Array.from({ length: 30 }, (_, index) => send(broker.read, 'GET', `/containers/c${index}/json`)),
    );
    expect(others.every(({ status }) => status === 200)).toBe(true);
    expect(slowEnded).toBe(false);
    expect((await slow).status).toBe(504);
  });

  test('stops in the middle of an answer', async () => {
    engine.script = (_recorded, socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":');
    expect((await send(broker.read, 'GET', '/info')).status).toBe(504);
  });

  test('says 500: the reader learns that, and no more; the control plane learns why', async () => {
    engine.script = (_recorded, socket) => void socket.end(answer(500, '{"message":"PASSWORD=hunter2"}'));
    const read = await send(broker.read, 'GET', '/info');
    expect(read).toMatchObject({ status: 500 });
    expect(read.body).not.toContain('hunter2');
    expect((await send(broker.write, 'GET', '/info')).body).toContain('hunter2');
  });

  test('is gone, and comes back: so does the broker, without a restart', async () => {
    const { socketPath } = engine;
    await engine.close();
    expect((await send(broker.read, 'GET', '/info')).status).toBe(502);
    const second = await startRecordingEngine(broker.folder.concat('/docker.sock'));
    engine = second;
    const other = await startTestBroker(second.socketPath);
    expect((await send(other.read, 'GET', '/info')).status).toBe(200);
    await second.close();
    expect((await send(other.read, 'GET', '/info')).status).toBe(502);
    engine = await startRecordingEngine(second.socketPath);
    expect((await send(other.read, 'GET', '/info')).status).toBe(200);
    await other.close();
    expect(socketPath).not.toBe(second.socketPath);
  });
});

describe('an engine that talks nonsense', () => {
  test.each([
    { name: 'half a list', target: '/containers/json', body: '[{"Id":"a"}' },
    { name: 'an object for a list', target: '/containers/json', body: '{"message":"hunter2"}' },
    { name: 'a list with text in it', target: '/containers/json', body: '["hunter2"]' },
    { name: 'text', target: '/info', body: 'hunter2' },
    { name: 'half an object', target: '/info', body: '{"a":"hunter2' },
    { name: 'broken JSON', target: '/info', body: '{"a":hunter2}' },
    { name: 'two objects', target: '/info', body: '{"a":1}{"hunter2":1}' },
    { name: 'nothing', target: '/info', body: '' },
    { name: 'too much', target: '/info', body: `{"hunter2":"${'a'.repeat(9 * 1024 * 1024)}"}` },
    { name: 'bytes that are not UTF-8', target: '/info', body: '\xff{"a":"hunter2"}' },
  ])('$name', async ({ target, body }) => {
    engine.script = (_recorded, socket) => void socket.end(answer(200, body));
    const { status, body: passed } = await send(broker.read, 'GET', target);
    expect(status === 502 || !passed.endsWith('0\r\n\r\n')).toBe(true); // an error, or a list that is visibly cut
    expect(passed).not.toContain('hunter2');
    expect(JSON.stringify(broker.logged)).not.toContain('hunter2');
  });

  test.each([
    { name: 'a redirect', head: '301 Moved\r\nlocation: http://10.0.0.1/' },
    { name: 'an upgrade', head: '101 UPGRADED\r\nconnection: Upgrade\r\nupgrade: tcp' },
    { name: 'a status of its own', head: '299 Odd' },
  ])('$name is not passed on', async ({ head }) => {
    engine.script = (_recorded, socket) => void socket.end(`HTTP/1.1 ${head}\r\ncontent-length: 2\r\n\r\n{}`);
    const { status, head: passed } = await send(broker.write, 'GET', '/info');
    expect(status).toBeGreaterThanOrEqual(502);
    expect(passed).not.toContain('10.0.0.1');
  });

  test('headers of the engine stay behind', async () => {
    engine.script = (_recorded, socket) =>
      void socket.end('HTTP/1.1 200 OK\r\nset-cookie: a=hunter2\r\nserver: Docker\r\ncontent-length: 2\r\n\r\n{}');
    expect((await send(broker.read, 'GET', '/info')).head).not.toMatch(/hunter2|docker/i);
  });
});

describe('streams', () => {
  const event = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  const opening = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

  test('events pass one by one, however the engine cuts them, without command lines', async () => {
    const texts = [
      '{"Type":"container","Action":"exec_create: /bin/sh -c echo hunter2","status":"exec_create: hunter2","Actor":{"Attributes":{"name":"ä"}}}',
      '{"Type":"container","Action":"die","Actor":{"Attributes":{"exitCode":"137"}}}\n',
    ];
    engine.script = (_recorded, socket) => {
      socket.write(opening);
      for (const byte of Buffer.from(texts.join('\n')))
        socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]));
      socket.end('0\r\n\r\n');
    };
    const { body } = await send(broker.read, 'GET', '/events');
    expect(body).toContain('"exitCode":"137"');
    expect(body).toContain('"name":"ä"');
    expect(body).toContain('"Action":"exec_create"');
    expect(body).not.toContain('hunter2');
  });

  test('a stream that is cut ends visibly cut, so that the reader lists anew', async () => {
    engine.script = (_recorded, socket) => {
      socket.write(opening + event('{"Action":"start"}\n'));
      setTimeout(() => socket.destroy(), 100);
    };
    const { status, body } = await send(broker.read, 'GET', '/events');
    expect(status).toBe(200);
    expect(body).toContain('"start"');
    expect(body.endsWith('0\r\n\r\n')).toBe(false);
  });

  test('a stream in which nothing comes is ended after its idle time', async () => {
    engine.script = (_recorded, socket) => void socket.write(opening);
    const started = performance.now();
    await send(broker.read, 'GET', '/events');
    expect(performance.now() - started).toBeGreaterThan(700);
    await until(() => engine.open() === 0);
  });

  test('a reader that leaves takes the engine’s connection with it', async () => {
    engine.script = (_recorded, socket) => void socket.write(opening);
    const client = deaf(broker.read, '/events');
    await until(() => engine.requests.length === 1);
    client.destroy();
    await until(() => engine.open() === 0);
  });

  test('a reader that does not read holds the engine back, not the broker’s memory', async () => {
    let taken = 0;
    engine.script = (_recorded, socket) => {
      socket.write(opening);
      const line = event(`{"Action":"${'a'.repeat(60_000)}"}\n`);
      const more = (): void => {
        while (!socket.destroyed && taken < 1_000) {
          taken++;
          if (!socket.write(line)) return void socket.once('drain', more);
        }
      };
      more();
    };
    deaf(broker.read, '/events').pause();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(taken).toBeLessThan(200); // 12 MB of the 60 that it would send
  });
});

describe('bounds', () => {
  test('calls beyond the cap are told to come again, and places are given back', async () => {
    engine.script = (recorded, socket) => (recorded.line.includes('/info') ? undefined : harmless(recorded, socket));
    const patient = await startTestBroker(engine.socketPath);
    for (let index = 0; index < 64; index++) deaf(patient.read, '/info');
    await until(() => engine.requests.length === 64);
    expect(await send(patient.read, 'GET', '/version')).toMatchObject({ status: 429 });
    expect(await send(patient.write, 'GET', '/version')).toMatchObject({ status: 200 }); // the other socket has its own
    for (const client of clients.splice(0)) client.destroy();
    await until(() => patient.broker.samples().every(({ name, value }) => name !== 'broker_calls_open' || value === 0));
    expect(await send(patient.read, 'GET', '/version')).toMatchObject({ status: 200 });
    await patient.close();
  });

  test('open streams have a cap of their own', async () => {
    engine.script = (_recorded, socket) => void socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const patient = await startTestBroker(engine.socketPath);
    for (let index = 0; index < 4; index++) deaf(patient.read, '/events');
    await until(() => engine.requests.length === 4);
    expect((await send(patient.read, 'GET', '/events')).status).toBe(429);
    await patient.close();
  });

  test('ten thousand containers pass, one by one', async () => {
    const container = {
      Id: 'a'.repeat(64),
      Names: ['/web'],
      Command: 'run --password=hunter2',
      Labels: { a: 'b'.repeat(300) },
      State: 'running',
    };
    const body = JSON.stringify(Array.from({ length: 10_000 }, () => container));
    engine.script = (_recorded, socket) => void socket.end(answer(200, body));
    const other = await startTestBroker(engine.socketPath);
    const { body: passed } = await sendRaw(other.read, get('/containers/json?all=1'), 15_000);
    expect(passed.match(/"running"/g)).toHaveLength(10_000);
    expect(passed).not.toContain('hunter2');
    await other.close();
  });
});
