// Volumes on a real engine: pinned, measured, kept while replicas come and go, hard to lose, and never begun anew in silence.
import { describe, expect, test } from 'vitest';
import { until } from '../engine-plane.ts';
import { loop, useEngine } from '../engine-tests.ts';

const { ask, needEngine } = useEngine();

describe('volumes', () => {
  test('are pinned, listed with what uses them, and go only when nothing does and their name is typed', async (context) => {
    const rig = needEngine(context);
    const made = await ask('POST', `${rig.at}/volumes`, { name: 'vol-data', budgetBytes: 2_000_000 });
    const [node] = (await ask('GET', '/nodes')).body.items;
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'vol-data', node: { id: node.id }, bytes: 0, state: 'present', usedBy: [], attached: false },
    });
    const write = `if [ -f /d/big ]; then echo found-it; else printf '%0300000d' 0 >/d/big; fi`;
    await rig.deploy({
      name: 'store',
      command: ['/bin/sh', '-c', `trap '' TERM; ${write}; while :; do sleep 0.2; done`],
      volumes: [{ name: 'vol-data', path: '/d' }],
      ...{ env: { COLOUR: 'blue', B: '2' }, user: '0:0', memoryFolders: [{ path: '/m', megabytes: 1 }] },
      ...{ limits: { memoryMegabytes: 64, cpus: 0.2, processes: 50 } },
      stopGraceSeconds: 3, // all of it is needed: it takes no notice of being told to end
    });
    const free = await ask('POST', `${rig.at}/volumes`, { name: 'vol-free' });
    expect(free.status).toBe(201);
    const [used] = (await ask('GET', `${rig.at}/volumes`)).body.items;
    expect(used).toMatchObject({
      usedBy: [{ deployment: 'store', revision: 'r1' }],
      attached: true,
      budgetBytes: 2_000_000,
    });
    expect(used.bytes).toBeGreaterThanOrEqual(300_000);
    expect(used.bytes).toBeLessThan(400_000);
    const service = JSON.parse((await rig.engine.ask('GET', '/services/store-r1')).text);
    expect(service.Spec.TaskTemplate.Placement.Constraints).toEqual([`node.id==${node.id}`]);
    expect((await ask('DELETE', `${rig.at}/volumes/vol-data?confirm=vol-data`)).body.type).toContain('in-use');
    expect((await ask('GET', '/nodes')).body.items[0].volumes).toContain(`${rig.it.defaultEnvironment}/vol-data`);
    expect((await ask('DELETE', `${rig.at}/volumes/vol-free?confirm=vol-data`)).status).toBe(422);
    expect((await ask('DELETE', `${rig.at}/volumes/vol-free?confirm=vol-free`)).status).toBe(200);
    expect((await rig.engine.ask('GET', '/volumes/vol-free')).status).toBe(404);
    await rig.engine.ask('POST', '/volumes/create', { Name: 'vol-foreign' });
    expect((await ask('POST', `${rig.at}/volumes`, { name: 'vol-foreign' })).status).toBe(409);
  }, 90_000);

  test('hold what was written while replicas come and go; what is stopped has ended, and is still in use', async (context) => {
    const rig = needEngine(context);
    const store = `${rig.at}/deployments/store`;
    const operate = async (path: string) => {
      const { body } = await ask('POST', `${store}/${path}`);
      return until(rig.it.admin, `${rig.at}/operations/${body.operation}`, ({ ended }) => ended !== null);
    };
    // What it is made of reads back as it was sent: else it would be repaired for ever.
    expect(await rig.it.plane.orchestration.look()).toMatchObject({ repaired: [] });
    expect(await operate('restart')).toMatchObject({ state: 'done' });
    expect((await ask('GET', `${store}/logs?follow=false&tail=5`)).text).toContain('found-it');
    expect(await operate('stop')).toMatchObject({ state: 'done' });
    const filters = encodeURIComponent(JSON.stringify({ label: ['odyssey_deployment=store'] }));
    expect((await rig.engine.ask('GET', `/containers/json?filters=${filters}`)).text.trim()).toBe('[]');
    expect((await ask('GET', store)).body).toMatchObject({ state: 'stopped' });
    const [stopped] = (await ask('GET', `${rig.at}/volumes`)).body.items;
    expect(stopped).toMatchObject({ attached: false, usedBy: [{ deployment: 'store' }] });
    expect((await ask('DELETE', `${rig.at}/volumes/vol-data?confirm=vol-data`)).body.type).toContain('in-use');
  }, 90_000);

  test('that are gone from their node are not begun anew by themselves', async (context) => {
    const rig = needEngine(context);
    expect((await ask('POST', `${rig.at}/volumes`, { name: 'vol-lost' })).status).toBe(201);
    expect((await rig.engine.ask('DELETE', '/volumes/vol-lost')).status).toBe(204);
    const spec = { name: 'loser', command: loop('echo x'), volumes: [{ name: 'vol-lost', path: '/d' }] };
    await expect(rig.deploy(spec)).rejects.toThrow(/vol-lost is gone from its node/);
    expect((await rig.engine.ask('GET', '/volumes/vol-lost')).status).toBe(404);
    expect((await ask('POST', `${rig.at}/volumes`, { name: 'vol-lost' })).body).toMatchObject({ state: 'present' });
  }, 60_000);
});
