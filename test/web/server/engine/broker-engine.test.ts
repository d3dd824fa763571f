// The port over the broker's socket: calls as the broker lists them, answers and failures as values.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBrokerEngine } from '../../../../web/server/engine/broker-engine.ts';
import { always, type RecordingEngine, startRecordingEngine } from '../../../fakes/recording-engine.ts';
import { goodService } from '../../broker/bodies.ts';
import { startTestBroker, type TestBroker } from '../../broker/harness.ts';

let docker: RecordingEngine;
let broker: TestBroker;

beforeEach(async () => {
  docker = await startRecordingEngine();
  broker = await startTestBroker(docker.socketPath);
});

afterEach(async () => {
  await broker.close();
  await docker.close();
});

test('a service is created with credentials in their own header', async () => {
  docker.script = always(201, { ID: 'abc' });
  const engine = createBrokerEngine(broker.write);
  const auth = { username: 'u', password: 'p', serveraddress: 'registry.example' };
  const spec = goodService() as unknown as Parameters<typeof engine.services.create>[0];
  expect(await engine.services.create(spec, auth)).toEqual({ ok: true, value: { ID: 'abc' } });
  expect(docker.requests[0]!.line).toBe('POST /services/create');
  expect(docker.requests[0]!.headers.join('\n')).toMatch(/x-registry-auth: \S{20,}/i);
  expect(JSON.parse(docker.requests[0]!.body).Name).toBe('shop-r12');
});

test('a pull without a tag asks for one tag, and tells its lines', async () => {
  docker.script = always(200, { status: 'Pulling', id: 'layer' });
  const engine = createBrokerEngine(broker.write);
  const lines = [];
  for await (const line of engine.images.pull('registry.example/shop', undefined, AbortSignal.timeout(5_000)))
    lines.push(line);
  expect(lines).toEqual([{ status: 'Pulling', id: 'layer' }]);
  expect(docker.requests[0]!.line).toContain('tag=latest');
});

test('the engine’s no, the broker’s no and nobody at all are told apart', async () => {
  docker.script = always(500, { message: 'update out of sequence' });
  const engine = createBrokerEngine(broker.write);
  const spec = goodService() as unknown as Parameters<typeof engine.services.create>[0];
  expect(await engine.services.update('shop-r12', 7, spec)).toEqual({
    ok: false,
    failure: { kind: 'stale', message: 'update out of sequence' },
  });
  const strange = { ...spec, Privileged: true } as typeof spec;
  expect(await engine.services.create(strange)).toMatchObject({ ok: false, failure: { kind: 'refused' } });
  const nobody = createBrokerEngine(`${broker.folder}/nobody.sock`);
  expect(await nobody.ping()).toMatchObject({ ok: false, failure: { kind: 'absent' } });
});
