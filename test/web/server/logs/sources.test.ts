// Where lines come from: a deployment's services of its own environment, its replicas by their names, and one container by its own.
import { expect, test } from 'vitest';
import type { Service, Task } from '../../../../web/server/engine/objects.ts';
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
  const sources = new DeploymentSources(engine.port, () => now);
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

test('a container has its own name', async () => {
  const { port } = swarmEngine();
  port.containers.inspect = () => Promise.resolve({ ok: true, value: { Name: '/web-1' } as never });
  const source = await containerSource(port, 'a');
  expect([source.name, source.replicaOf('')]).toEqual(['web-1', 'web-1']);
});
