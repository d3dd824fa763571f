// The broker in front of a real engine: good bodies do their work, dangerous ones leave no trace, a reader can neither change nor learn a secret.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { parseInspect, parseList } from '../../../collector/sources/containers/docker.ts';
import { readCalls, writeCalls } from '../../../core/contracts/broker.ts';
import { type DockerEngine, type DockerStart, startDockerEngine } from '../../engine/docker-engine.ts';
import { goodBodies, goodContainer, goodService, imageId as placeholder } from './bodies.ts';
import { dangerousBodies } from './dangerous-bodies.ts';
import { jsonOf, send, sendRaw, startTestBroker, type TestBroker } from './harness.ts';

const secret = 'hunter2-is-the-value';
let start: DockerStart;
let engine: DockerEngine;
let broker: TestBroker;
let victim: string;

beforeAll(async () => {
  start = await startDockerEngine();
  if (start.kind === 'absent') return;
  engine = start.engine;
  broker = await startTestBroker(engine.socketPath, { policy: { volumes: ['odyssey_haproxy'] } });
  const created = await engine.ask('POST', '/containers/create?name=victim', {
    Image: engine.imageId,
    Cmd: ['/bin/sleep', '600'],
    Env: [`PASSWORD=${secret}`],
    Healthcheck: { Test: ['CMD-SHELL', 'env'], Interval: 1e9, StartPeriod: 0, Retries: 1 },
    HostConfig: { NetworkMode: 'none' },
  });
  victim = JSON.parse(created.text).Id;
  await engine.ask('POST', `/containers/${victim}/start`);
});

afterAll(async () => {
  await broker?.close();
  if (start.kind === 'engine') {
    await engine.ask('DELETE', '/containers/victim?force=1&v=1').catch(() => undefined);
    await engine.stop();
  }
});

/** A body with the fixed image's id replaced by that of an image which is really there. */
const real = (body: unknown): unknown => JSON.parse(JSON.stringify(body).replaceAll(placeholder, engine.imageId));

/** Everything on the engine that a call could have changed, read past the broker. */
async function state(): Promise<string> {
  const paths = [
    ...['/containers/json?all=1', '/images/json?all=1', '/volumes', '/networks'],
    ...['/services', '/secrets', '/configs', '/plugins', '/swarm'],
  ];
  const texts = await Promise.all(paths.map(async (path) => sorted((await engine.ask('GET', path)).text)));
  return texts.join('\n').replaceAll(/"Status":"[^"]*"/g, '');
}

/** The engine lists in no fixed order; its volumes lie in a list within. */
function sorted(text: string): string {
  const value = JSON.parse(text) as { Volumes?: unknown };
  const items = Array.isArray(value.Volumes) ? value.Volumes : value;
  const texts = Array.isArray(items) ? items.map((item) => JSON.stringify(item)) : [text];
  return texts.sort().join('\n');
}

function needEngine(context: TestContext): void {
  if (start.kind === 'absent') context.skip(start.reason);
}

describe('a reader', () => {
  test('learns no value of an environment from any answer', async (context) => {
    needEngine(context);
    const since = Math.floor(Date.now() / 1000) - 60;
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // some health checks, whose output is the environment
    expect((await engine.ask('GET', `/containers/${victim}/json`)).text).toContain(secret);
    const targets = [
      ...['/version', '/info', '/containers/json?all=1', `/containers/${victim}/json`, '/containers/victim/json'],
      ...['/containers/victim/stats?stream=0', '/containers/victim/stats?stream=0&one-shot=1'],
      `/events?since=${since}&until=${Math.floor(Date.now() / 1000)}`,
    ];
    for (const target of targets) {
      const { status, body } = await send(broker.read, 'GET', target);
      expect([target, status]).toEqual([target, 200]);
      expect(body.length).toBeGreaterThan(20);
      expect(body).not.toContain(secret);
    }
    const events = await send(broker.read, 'GET', targets.at(-1)!);
    expect(events.body).toContain('"exec_start"');
    expect((await send(broker.read, 'GET', `/containers/${victim}/json`)).body).toContain('"PASSWORD"');
  }, 30_000);

  test('changes nothing, whatever it asks', async (context) => {
    needEngine(context);
    const before = await state();
    for (const call of writeCalls.filter((one) => !one.startsWith('GET'))) {
      const [method, template] = call.split(' ') as [string, string];
      const good = goodBodies.find((one) => one.call === call);
      const target = good?.target ?? template.replace('{image}', 'tiny:1').replaceAll(/\{\w+\}/g, 'victim');
      expect((await send(broker.read, method, target, good && real(good.body))).status).toBe(403);
    }
    const words = fc.constantFrom(
      'containers',
      'victim',
      'json',
      'start',
      'kill',
      'exec',
      'images',
      'tiny:1',
      'v1.45',
      '..',
      '',
      '%2e%2e',
      '%2f',
      'create',
      'prune',
      'swarm',
      'init',
    );
    const methods = fc.constantFrom('POST', 'DELETE', 'PUT', 'GET', 'PATCH');
    const targets = fc.array(words, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
    await fc.assert(
      fc.asyncProperty(methods, targets, async (method, target) => {
        const { body } = await send(broker.read, method, target, method === 'GET' ? undefined : {});
        expect(body).not.toContain(secret);
      }),
      { numRuns: 400 },
    );
    expect(await state()).toBe(before);
  }, 60_000);

  test('reaches nothing behind a crooked message', async (context) => {
    needEngine(context);
    const before = await state();
    const hidden = 'DELETE /containers/victim?force=1 HTTP/1.1\r\nHost: d\r\n\r\n';
    for (const socket of [broker.read, broker.write]) {
      const headers = 'GET /info HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n';
      await sendRaw(
        socket,
        `${headers}Content-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
        300,
      );
      await sendRaw(socket, `${headers}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`, 300);
      await sendRaw(socket, `${headers}Content-Length: ${hidden.length}\r\n\r\n${hidden}`, 300);
    }
    expect(await state()).toBe(before);
  }, 30_000);
});

test('the collector learns from the broker what it would learn from the engine', async (context) => {
  needEngine(context);
  const list = await send(broker.read, 'GET', '/containers/json');
  expect(parseList(jsonOf(list))).toEqual(parseList(JSON.parse((await engine.ask('GET', '/containers/json')).text)));
  const inspected = await send(broker.read, 'GET', `/containers/${victim}/json`);
  const direct = JSON.parse((await engine.ask('GET', `/containers/${victim}/json`)).text);
  expect(parseInspect(jsonOf(inspected))).toEqual(parseInspect(direct));
  expect(parseInspect(direct).pid).toBeGreaterThan(1);
});

describe('the control plane', () => {
  test('leaves no trace with any of the dangerous bodies', async (context) => {
    needEngine(context);
    const before = await state();
    for (const { name, call, target, body } of dangerousBodies) {
      const { status } = await send(broker.write, call.split(' ')[0]!, target, real(body));
      expect([name, status]).toEqual([name, 403]);
    }
    expect(await state()).toBe(before);
  }, 60_000);

  test('is kept from what the engine itself would have done', async (context) => {
    needEngine(context);
    const creates = dangerousBodies.filter(({ call }) => call === 'POST /containers/create');
    let taken = 0;
    for (const { body } of creates) {
      const { status, text } = await engine.ask('POST', '/containers/create', real(body));
      if (status !== 201) continue;
      taken++;
      await engine.ask('DELETE', `/containers/${JSON.parse(text).Id}?force=1&v=1`);
    }
    expect(taken).toBeGreaterThanOrEqual(30);
  }, 60_000);

  test('neither stops, changes nor removes what is not Odyssey’s', async (context) => {
    needEngine(context);
    const before = await state();
    for (const line of [
      ...['victim', victim.slice(0, 12)].flatMap((id) => [
        `POST /containers/${id}/stop`,
        `POST /containers/${id}/restart`,
      ]),
      ...['victim', victim].map((id) => `DELETE /containers/${id}?force=1`),
      ...['DELETE /images/tiny:1', 'DELETE /images/tiny', 'DELETE /networks/none', 'DELETE /services/victim'],
    ]) {
      const [method, target] = line.split(' ') as [string, string];
      expect([line, (await send(broker.write, method, target)).status]).toEqual([line, 403]);
    }
    expect(await state()).toBe(before);
  }, 30_000);

  test('makes, starts, stops and removes the ingress', async (context) => {
    needEngine(context);
    const body = { ...goodContainer(), Image: engine.imageId, Cmd: ['/bin/sleep', '600'] };
    expect(await send(broker.write, 'POST', '/containers/create?name=odyssey-ingress', body)).toMatchObject({
      status: 201,
    });
    expect(await send(broker.write, 'POST', '/containers/odyssey-ingress/start')).toMatchObject({ status: 204 });
    expect((await send(broker.write, 'GET', '/containers/odyssey-ingress/json')).body).toContain('"Running":true');
    expect(await send(broker.write, 'POST', '/containers/odyssey-ingress/stop?t=0')).toMatchObject({ status: 204 });
    expect(await send(broker.write, 'DELETE', '/containers/odyssey-ingress?force=1')).toMatchObject({ status: 204 });
    await engine.ask('DELETE', '/volumes/odyssey_haproxy');
  }, 30_000);

  test('restarts an observed container', async (context) => {
    needEngine(context);
    expect(await send(broker.write, 'POST', `/containers/${victim}/restart?t=0`)).toMatchObject({ status: 204 });
    expect((await send(broker.write, 'GET', '/containers/victim/json')).body).not.toContain(secret);
  }, 30_000);

  test('starts a swarm and keeps a revision, its network, volume and secret in it', async (context) => {
    needEngine(context);
    const post = (target: string, body: unknown) => send(broker.write, 'POST', target, real(body));
    const init = goodBodies.find(({ call }) => call === 'POST /swarm/init')!;
    expect(await post(init.target, init.body)).toMatchObject({ status: 200 });
    for (const call of ['POST /networks/create', 'POST /volumes/create', 'POST /secrets/create']) {
      const good = goodBodies.find((one) => one.call === call)!;
      expect(await post(good.target, good.body)).toMatchObject({
        status: expect.toSatisfy((code: number) => code < 300),
      });
    }
    const spec = goodService();
    spec.TaskTemplate.ContainerSpec.Env.push(`PASSWORD=${secret}`);
    expect(await post('/services/create', spec)).toMatchObject({ status: 201 });
    const inspected = await send(broker.write, 'GET', '/services/shop-r12');
    expect(inspected.body).not.toContain(secret);
    expect(
      JSON.parse((await engine.ask('GET', '/services/shop-r12')).text).Spec.TaskTemplate.ContainerSpec,
    ).toMatchObject({
      CapabilityDrop: ['ALL'],
      Privileges: { NoNewPrivileges: true },
    });
    const version = JSON.parse(inspected.body).Version.Index;
    spec.TaskTemplate.ForceUpdate = 1;
    expect(await post(`/services/shop-r12/update?version=${version}`, spec)).toMatchObject({ status: 200 });
    for (const target of [
      '/services',
      '/tasks',
      '/nodes',
      '/secrets',
      '/networks',
      '/volumes',
      '/images/json',
      '/images/tiny:1/json',
    ]) {
      const { status, body } = await send(broker.write, 'GET', target);
      expect([target, status]).toEqual([target, 200]);
      expect(body).not.toContain(secret);
    }
    const node = (
      jsonOf(await send(broker.write, 'GET', '/nodes')) as { ID: string; Version: { Index: number }; Spec: object }[]
    )[0]!;
    const labelled = { ...node.Spec, Labels: { zone: 'a' } };
    expect(await post(`/nodes/${node.ID}/update?version=${node.Version.Index}`, labelled)).toMatchObject({
      status: 200,
    });
    const told = (await send(broker.write, 'GET', '/swarm')).body;
    const { JoinTokens } = JSON.parse((await engine.ask('GET', '/swarm')).text);
    for (const token of [JoinTokens.Worker, JoinTokens.Manager]) {
      expect(token).toMatch(/^SWMTKN-/);
      expect(told).not.toContain(token);
    }
    expect(jsonOf(await send(broker.write, 'GET', '/swarm/tokens'))).toEqual({ JoinTokens });
    const sizes = jsonOf(await send(broker.write, 'GET', '/system/df?type=volume')) as { Volumes: { Name: string }[] };
    expect(sizes.Volumes).toContainEqual({
      Name: 'vol-shop-data',
      UsageData: { Size: 0, RefCount: expect.any(Number) },
    });
    const swarm = JSON.parse(told);
    const quicker = { ...swarm.Spec, Dispatcher: { HeartbeatPeriod: 1e9 } };
    expect(await post(`/swarm/update?version=${swarm.Version.Index}`, quicker)).toMatchObject({ status: 200 });
    for (const target of [
      '/services/shop-r12',
      '/secrets/db-password-1',
      '/networks/env-one',
      '/volumes/vol-shop-data',
    ]) {
      expect([target, (await send(broker.write, 'DELETE', target)).status]).toEqual([
        target,
        target.startsWith('/services') ? 200 : 204,
      ]);
    }
  }, 60_000);
});

test('each listed read is understood by this engine', async (context) => {
  needEngine(context);
  for (const call of readCalls.filter((one) => one !== 'GET /events')) {
    const target = call.split(' ')[1]!.replace('{id}', 'victim') + (call.endsWith('stats') ? '?stream=0' : '');
    expect([call, (await send(broker.read, 'GET', target)).status]).toEqual([call, 200]);
  }
}, 30_000);
