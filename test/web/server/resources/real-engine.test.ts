// Logs, secrets, networks, nodes and containers on a real engine: what is asked for is there, what must not be seen is not.
import { describe, expect, test } from 'vitest';
import type { LogLine, LogPage } from '../../../../core/contracts/logs.ts';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { filesWith, networksOf, readEvents, swarmAddress, until } from '../engine-plane.ts';
import { loop, useEngine } from '../engine-tests.ts';

const { ask, needEngine } = useEngine();

describe('logs', () => {
  test('of two replicas are merged as they are written, and end with the session', async (context) => {
    const rig = needEngine(context);
    await rig.deploy({
      name: 'talker',
      command: loop('echo "level=warn tick"; echo "\u001b[31mred\u001b[0m" >&2'),
      replicas: 2,
    });
    const reader = await rig.it.person('reader', [{ environment: '*', role: 'read-only' }]);
    const stream = await readEvents(rig.it, reader, `${rig.at}/deployments/talker/logs?tail=10`);
    expect(stream.status).toBe(200);
    const lines = () => stream.events.flatMap(({ event, data }) => (event === 'lines' ? (data as LogLine[]) : []));
    for (let tries = 0; lines().length < 60 && tries < 200; tries++) await systemClock.sleep(0.1);
    expect(new Set(lines().map(({ replica }) => replica))).toEqual(new Set(['talker-r1.1', 'talker-r1.2']));
    expect(lines().filter(({ text, level }) => text === 'level=warn tick' && level === 'warn').length).toBeGreaterThan(
      20,
    );
    expect(lines().filter(({ text }) => text === 'red').length).toBeGreaterThan(20);
    const times = lines().map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    await reader.call('DELETE', '/session');
    const cut = performance.now();
    await stream.ended;
    expect(performance.now() - cut).toBeLessThan(5_000);
    expect(stream.events.at(-1)).toEqual({ event: 'end', data: { reason: 'signed-out' } });
  }, 90_000);

  test('are searched on the server, and are nobody’s in another environment', async (context) => {
    const rig = needEngine(context);
    const found = await ask('GET', `${rig.at}/deployments/talker/logs?follow=false&tail=3&search=RED`);
    expect(found.text.match(/"text":"red"/g)).toHaveLength(3);
    expect(found.text).not.toContain('tick');
    const other = (await ask('POST', '/environments', { name: 'other' })).body.id;
    expect((await ask('GET', `/environments/${other}/deployments/talker/logs`)).status).toBe(404);
  }, 30_000);

  test('are those of a chosen replica alone', async (context) => {
    const rig = needEngine(context);
    const found = await ask('GET', `${rig.at}/deployments/talker/logs?follow=false&tail=20&replicas=talker-r1.2`);
    expect(found.text.match(/"replica":"talker-r1\.2"/g)).toHaveLength(20);
    expect(found.text).not.toContain('talker-r1.1');
    expect((await ask('GET', `${rig.at}/deployments/talker/logs?replicas=other-r1.1`)).status).toBe(422);
  }, 30_000);

  test('are read back page by page to the first line, each once', async (context) => {
    const rig = needEngine(context);
    const path = `${rig.at}/deployments/talker/logs`;
    await systemClock.sleep(8); // more than the first step reads of each replica
    const newest = (await ask('GET', `${path}/past?before=2099-01-01T00:00:00Z&tail=10`)).body as LogPage;
    const end = newest.items.at(-1)!.time;
    const found: string[] = [];
    for (let [page, pages] = [newest, 0]; pages < 20; pages++) {
      found.unshift(...page.items.map(({ replica, stream, time }) => `${time} ${replica} ${stream}`));
      if (page.older !== 'more') break;
      page = (await ask('GET', `${path}/past?before=${page.items[0]!.time}&tail=150`)).body as LogPage;
      expect([page.completeFrom, page.notes]).toEqual([null, []]);
    }
    const { text } = await ask('GET', `${path}?follow=false&tail=5000`);
    const all = [...text.matchAll(/"time":"([^"]+)","replica":"([^"]+)","stream":"(\w+)"/g)]
      .filter(([, time]) => time! <= end)
      .map(([, time, replica, stream]) => `${time} ${replica} ${stream}`);
    expect(all.length).toBeGreaterThan(220);
    expect(found.toSorted()).toEqual(all.toSorted());
    const [middle] = found[Math.floor(found.length / 2)]!.split(' ');
    const around = (await ask('GET', `${path}/past?at=${middle}&tail=20`)).body as LogPage;
    expect(around.items.map(({ time }) => time)).toContain(middle);
    expect([around.items.length >= 20, around.older, around.newer]).toEqual([true, 'more', true]);
  }, 60_000);
});

describe('secrets', () => {
  const [first, second] = ['plaintext-number-one-7f3a', 'plaintext-number-two-9c1e'];

  test('are mounted, rotated under way, and found nowhere', async (context) => {
    const rig = needEngine(context);
    const answers: string[] = [];
    const told = async (method: string, path: string, body?: unknown) => {
      const answer = await ask(method, path, body);
      answers.push(answer.text);
      return answer;
    };
    const made = await told('POST', `${rig.at}/secrets`, {
      name: 'db',
      value: { text: first },
      deployments: ['keeper'],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'db', versions: [{ version: 1, state: 'current', usedBy: [] }] },
    });
    const command = loop(`read v < /run/secrets/password; case $v in *one*) echo has-1;; *two*) echo has-2;; esac`);
    await rig.deploy({ name: 'keeper', command, replicas: 2, secrets: [{ name: 'db', file: 'password' }] });
    const shared = await told('GET', `${rig.at}/secrets`);
    expect(shared.body.items[0].versions[0].usedBy).toEqual([{ deployment: 'keeper', revision: 'r1' }]);
    expect((await told('DELETE', `${rig.at}/secrets/db`)).status).toBe(409);
    expect((await told('PUT', `${rig.at}/secrets/db/deployments`, { deployments: [] })).status).toBe(409);

    const begun = await told('POST', `${rig.at}/secrets/db/versions`, { value: { text: second } });
    expect(begun.status).toBe(202);
    expect((await told('POST', `${rig.at}/secrets/db/versions`, { value: { text: 'x' } })).status).toBe(409);
    const rotated = await until(rig.it.admin, `${rig.at}/secrets/db`, ({ rotation }) => rotation.ended !== null);
    expect(rotated).toMatchObject({
      rotation: { from: 1, to: 2, phase: 'done', moved: ['keeper'], reason: null },
      versions: [{ version: 2, state: 'current', usedBy: [{ deployment: 'keeper' }] }],
    });
    expect(rotated.versions).toHaveLength(1);
    const log = await ask('GET', `${rig.at}/deployments/keeper/logs?follow=false&tail=2`);
    expect(log.text).toContain('has-2');
    expect((await rig.engine.ask('GET', '/secrets')).text).not.toContain(`${rig.it.defaultEnvironment}-db-1`);

    for (const path of [
      '/audit?limit=200',
      '/nodes',
      '/containers',
      '/events',
      `${rig.at}/deployments/keeper`,
      `${rig.at}/deployments/keeper/diagnosis`,
    ])
      await told('GET', path);
    for (const path of ['/services', '/tasks', '/containers/json?all=1', '/secrets'])
      answers.push((await rig.engine.ask('GET', path)).text);
    const containers = JSON.parse((await rig.engine.ask('GET', '/containers/json?all=1')).text) as { Id: string }[];
    for (const { Id } of containers) answers.push((await rig.engine.ask('GET', `/containers/${Id}/json`)).text);
    answers.push(rig.it.logged.join('\n'));
    for (const value of [first, second].flatMap((text) => [text, Buffer.from(text).toString('base64')])) {
      expect(answers.filter((text) => text.includes(value))).toEqual([]);
      expect(filesWith(value, rig.data)).toBe('');
      expect(filesWith(value, `${rig.engine.folder}/data`)).toBe('');
    }
  }, 150_000);

  test('are refused to whom they are not shared with', async (context) => {
    const rig = needEngine(context);
    await expect(rig.deploy({ name: 'thief', command: loop('echo x'), secrets: [{ name: 'db' }] })).rejects.toThrow(
      /not shared with thief/,
    );
    await expect(rig.deploy({ name: 'lost', command: loop('echo x'), secrets: [{ name: 'none' }] })).rejects.toThrow(
      /no secret none/,
    );
  }, 60_000);
});

describe('networks', () => {
  test('are made, attached to, detached from and removed', async (context) => {
    const rig = needEngine(context);
    expect(await ask('POST', `${rig.at}/networks`, { name: 'back' })).toMatchObject({
      ...{ status: 201, body: { name: 'back', main: false, internal: true, deployments: [] } },
    });
    expect((await ask('PUT', `${rig.at}/networks/back/deployments/talker`)).status).toBe(200);
    const listed = (await ask('GET', `${rig.at}/networks`)).body.items;
    expect(
      listed.map(({ name, deployments }: { name: string; deployments: string[] }) => [
        name,
        deployments.includes('talker'),
      ]),
    ).toEqual([
      ...[
        ['main', true],
        ['back', true],
      ],
    ]);
    expect(listed[0].subnet).toMatch(/^10\.214\.\d+\.0\/24$/);
    // Those that were replaced have ten seconds to end.
    for (let tries = 0; (await networksOf(rig.engine, 'talker')).length > 2 && tries < 60; tries++)
      await systemClock.sleep(0.5);
    const back = `env-${rig.it.defaultEnvironment}-back`;
    expect((await networksOf(rig.engine, 'talker')).map((names) => names.includes(back))).toEqual([true, true]);
    expect((await ask('DELETE', `${rig.at}/networks/back`)).status).toBe(409);
    expect((await ask('DELETE', `${rig.at}/networks/back/deployments/talker`)).status).toBe(200);
    for (let tries = 0; tries < 40; tries++) {
      if ((await ask('DELETE', `${rig.at}/networks/back`)).status === 200) break;
      await systemClock.sleep(0.5); // the engine lets go of a network when the last task that had it is gone
    }
    expect((await ask('GET', `${rig.at}/networks`)).body.items).toHaveLength(1);
  }, 120_000);
});

describe('nodes', () => {
  test('are told truly and changed with care', async (context) => {
    needEngine(context);
    const { items, swarm } = (await ask('GET', '/nodes')).body;
    expect([swarm, items.length]).toEqual(['active', 1]);
    const [node] = items;
    expect(node).toMatchObject({
      state: 'ready',
      role: 'manager',
      availability: 'active',
      leader: true,
      local: true,
      reachability: 'reachable',
    });
    expect(node.tasks).toBeGreaterThan(1);
    expect((await ask('PATCH', `/nodes/${node.id}`, { labels: { disk: 'fast' } })).body).toMatchObject({
      labels: { disk: 'fast' },
    });
    expect((await ask('PATCH', `/nodes/${node.id}`, { availability: 'drain' })).body.type).toContain('last-manager');
    expect((await ask('PUT', `/nodes/${node.id}/role`, { role: 'worker' })).body.type).toContain('last-manager');
    expect((await ask('DELETE', `/nodes/${node.id}`)).body.type).toContain('still-manager');
  }, 30_000);

  test('a join token is shown once, is good, and is worth nothing after it was withdrawn', async (context) => {
    const rig = needEngine(context);
    const tokens = async () =>
      JSON.parse((await rig.engine.ask('GET', '/swarm')).text).JoinTokens as { Worker: string; Manager: string };
    const before = await tokens();
    const shown = await ask('POST', '/nodes/join-tokens', { role: 'worker' });
    expect(shown.status).toBe(201);
    expect(await tokens()).toEqual({ Worker: shown.body.token, Manager: before.Manager });
    expect(before.Worker).not.toBe(shown.body.token);
    expect(shown.body.command).toBe(`docker swarm join --token ${shown.body.token} ${swarmAddress}:2377`);
    expect((await ask('DELETE', '/nodes/join-tokens')).status).toBe(200);
    expect((await tokens()).Worker).not.toBe(shown.body.token);
    const audit = (await ask('GET', '/audit?limit=200')).text + rig.it.logged.join();
    expect(audit).toContain('node:show-token');
    expect(audit).not.toContain(shown.body.token);
    expect(filesWith(shown.body.token, rig.data)).toBe('');
  }, 30_000);
});

describe('containers', () => {
  test('that nothing keeps are stopped and started; the others are left to what keeps them', async (context) => {
    const rig = needEngine(context);
    const body = { Image: rig.engine.imageId, Cmd: ['/bin/sleep', '600'], HostConfig: { NetworkMode: 'none' } };
    const id = JSON.parse((await rig.engine.ask('POST', '/containers/create?name=lonely', body)).text).Id;
    await rig.engine.ask('POST', `/containers/${id}/start`);
    const { items } = (await ask('GET', '/containers')).body;
    const find = (name: RegExp) => items.find((one: { name: string }) => name.test(one.name));
    expect(find(/^lonely$/)).toMatchObject({ id, owner: 'observed', state: 'running' });
    expect(find(/^talker-r1\.1\./)).toMatchObject({ owner: 'deployment', deployment: 'talker', revision: 'r1' });
    expect((await ask('POST', `/containers/${find(/^talker-r1\.1\./).id}/stop`)).body.type).toContain('kept-by-others');
    expect((await ask('POST', `/containers/${id}/stop`)).body).toMatchObject({ state: 'exited', exitCode: 137 });
    expect((await ask('POST', `/containers/${id}/start`)).body).toMatchObject({ state: 'running', exitCode: null });
    expect((await ask('POST', `/containers/${id}/restart`)).body).toMatchObject({ state: 'running' });
    const operator = await rig.it.withRole('developer');
    expect((await operator.call('POST', `/containers/${id}/stop`)).status).toBe(403);
    await rig.engine.ask('DELETE', `/containers/${id}?force=1`);
  }, 60_000);

  test('a replica that is not healthy says what its checks printed, and its last exits', async (context) => {
    const rig = needEngine(context);
    const healthCheck = {
      command: ['/bin/sh', '-c', 'echo not yet ready; exit 1'],
      intervalSeconds: 1,
      timeoutSeconds: 1,
      retries: 30,
      startPeriodSeconds: 0,
    };
    const spec = {
      name: 'ill',
      command: loop('echo x'),
      healthCheck,
      image: rig.engine.imageId,
      rollout: { monitorSeconds: 1, deadlineSeconds: 60 },
    };
    expect((await ask('POST', `${rig.at}/deployments`, spec)).status).toBe(202);
    const told = await until(
      rig.it.admin,
      `${rig.at}/deployments/ill/diagnosis`,
      ({ items }) => items[0]?.healthLog?.length > 0,
    );
    expect(told.items[0]).toMatchObject({ replica: 'ill-r1.1', revision: 'r1', outOfMemory: false });
    expect(told.items[0].healthLog[0]).toMatchObject({ exitCode: 1, output: 'not yet ready\n' });
    const { items, listening, since } = (await ask('GET', `${rig.at}/deployments/ill/events`)).body;
    expect([listening, typeof since]).toEqual([true, 'number']);
    expect(items.map(({ action }: { action: string }) => action)).toContain('start');
  }, 90_000);
});
