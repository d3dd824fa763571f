// The broker's two sockets: whose they are, who may open them, and what stands in their way at a start.
import { realpathSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RecordingEngine, startRecordingEngine } from '../../fakes/recording-engine.ts';
import { send, startTestBroker, type TestBroker } from './harness.ts';

let engine: RecordingEngine;
let broker: TestBroker;

beforeEach(async () => {
  engine = await startRecordingEngine();
  broker = await startTestBroker(engine.socketPath);
});
afterEach(async () => {
  await broker.close();
  await engine.close();
});

describe('the sockets', () => {
  test('owner and group may connect, nobody else', () => {
    expect(statSync(broker.read).mode & 0o777).toBe(0o660);
    expect(statSync(broker.write).mode & 0o777).toBe(0o660);
  });

  test.skipIf(process.getuid?.() !== 0)('the collector’s may be given to a group of its own, alone', async () => {
    const shared = await startTestBroker(engine.socketPath, { readGroup: 10_002 });
    expect(statSync(shared.read)).toMatchObject({ uid: 0, gid: 10_002, mode: 0o140660 });
    expect(statSync(shared.write).gid).toBe(process.getgid!());
    await shared.close();
  });

  test('a second broker does not take over from a living one; a file that was left behind is replaced', async () => {
    const { startBroker } = await import('../../../web/broker/broker.ts');
    const { systemClock } = await import('../../../core/runtime/clock.ts');
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const policy = { binds: [], volumes: [], networks: [], publishedPorts: [], brokerId: undefined };
    const dataFolder = broker.folder;
    const given = { dockerSocket: engine.socketPath, dataFolder, policy, clock: systemClock, log: log as never };
    const fresh = `${broker.folder}/left.sock`;
    await expect(startBroker({ ...given, readSocket: broker.read, writeSocket: fresh })).rejects.toThrow(
      'Another broker',
    );
    writeFileSync(fresh, '');
    const second = await startBroker({ ...given, readSocket: fresh, writeSocket: `${fresh}.write` });
    expect((await send(fresh, 'GET', '/info')).status).toBe(200);
    await second.close();
  });

  test.each(['/', '/run', '/var/run', '/etc', '/var/lib/docker'])(
    '%s cannot even be listed as a bind',
    async (source) => {
      await expect(
        startTestBroker(engine.socketPath, { policy: { binds: [{ source, readOnly: true }] } }),
      ).rejects.toThrow('BROKER_BINDS');
    },
  );

  test('a folder of the data that is not the ingress’s own cannot be listed as a bind', async () => {
    const source = realpathSync(broker.folder);
    await expect(
      startTestBroker(engine.socketPath, { policy: { binds: [{ source: `${source}/engine`, readOnly: true }] } }),
    ).rejects.toThrow('may be listed');
  });

  test('the folder of the socket cannot be listed as a bind', async () => {
    const source = engine.socketPath.replace(/\/[^/]+$/, '');
    await expect(
      startTestBroker(engine.socketPath, { policy: { binds: [{ source, readOnly: true }] } }),
    ).rejects.toThrow('would be inside');
  });
});
