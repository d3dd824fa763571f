// Where lines come from: a deployment's services of its own environment, its replicas by their names, and one container by its own.
import { describe, expect, test } from 'vitest';
import type { Service, Task } from '../../../../web/server/engine/objects.ts';
import { ReplicaChoice } from '../../../../web/server/logs/choose.ts';
import { containerSource, DeploymentSources } from '../../../../web/server/logs/sources.ts';
import { swarmEngine } from '../../../fakes/swarm-engine.ts';

const service = (Name: string, environment: string) =>
  ({
    ID: `id-${Name}`,
    Spec: { Name, Labels: { odyssey_environment: environment, odyssey_deployment: 'shop' } },
  }) as unknown as Service;

test('services of the deployment, and its tasks’ names as they turn up', async () => {
  const engine = swarmEngine();
  let now = 10;
  const sources = new DeploymentSources(engine.port, { monotonicSeconds: () => now, sleep: () => Promise.resolve() });
  await expect(sources.list('e1', 'shop')).rejects.toMatchObject({ status: 404 });
  engine.services.push(service('shop-r1', 'e1'), service('shop-r2', 'e1'), service('shop-r9', 'e2'));
  engine.tasks.push({ ID: 'task1', ServiceID: 'id-shop-r1', Slot: 3 } as Task);
  const [first, second, ...rest] = await sources.list('e1', 'shop');
  expect([first!.name, second!.name, rest]).toEqual(['shop-r1', 'shop-r2', []]);
  expect([first!.replicaOf('task1'), first!.replicaOf('0123456789ab')]).toEqual(['shop-r1.3', 'shop-r1.01234567']);
  engine.tasks.push({ ID: '0123456789ab', ServiceID: 'id-shop-r1', Slot: 4 } as Task);
  now += 5;
  await sources.list('e1', 'shop');
  expect(first!.replicaOf('0123456789ab')).toBe('shop-r1.4');
});

describe('chosen replicas', () => {
  function rig(replicas: string) {
    const engine = swarmEngine();
    let now = 10;
    const clock = {
      monotonicSeconds: () => now,
      sleep: (seconds: number) => {
        now += seconds * 0.999; // timers may ring early
        return Promise.resolve();
      },
    };
    engine.services.push(service('shop-r1', 'e1'), service('shop-r2', 'e1'));
    engine.tasks.push({ ID: 'task1', ServiceID: 'id-shop-r1', Slot: 1 } as Task);
    return { engine, sources: new DeploymentSources(engine.port, clock, new ReplicaChoice(replicas, ['shop'])) };
  }

  test('services of which none is chosen are left out', async () => {
    const { sources } = rig('shop-r2.1');
    expect((await sources.list('e1', 'shop')).map(({ name }) => name)).toEqual(['shop-r2']);
    expect([...sources.present]).toEqual(['shop-r1.1']);
  });

  test('a task that begins to write is known by its slot before its first line is looked at', async () => {
    const { engine, sources } = rig('shop-r1.1');
    const [source] = await sources.list('e1', 'shop');
    engine.tasks.push({ ID: 'task2', ServiceID: 'id-shop-r1', Slot: 1 } as Task);
    await source!.meet!('task2');
    expect(source!.replicaOf('task2')).toBe('shop-r1.1');
  });

  test('one that the engine does not know either is asked for once', async () => {
    const { engine, sources } = rig('shop-r1.1');
    const [source] = await sources.list('e1', 'shop');
    let asked = 0;
    const { list } = engine.port.tasks;
    engine.port.tasks.list = (filters) => {
      asked += 1;
      return list(filters);
    };
    for (let line = 0; line < 50; line++) await source!.meet!('0123456789ab');
    expect([asked, source!.replicaOf('0123456789ab')]).toEqual([1, 'shop-r1.01234567']);
  });
});

test('a container has its own name', async () => {
  const { port } = swarmEngine();
  port.containers.inspect = () => Promise.resolve({ ok: true, value: { Name: '/web-1' } as never });
  const source = await containerSource(port, 'a');
  expect([source.name, source.replicaOf('')]).toEqual(['web-1', 'web-1']);
});
