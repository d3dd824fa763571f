// The container detector: an identity that lasts, and models shared by the replicas and revisions of a deployment.
import { describe, expect, test } from 'vitest';
import { container } from '../../detectors/container/index.ts';

const swarm = { container_label_com_docker_swarm_service_name: 'web' };
const compose = {
  container_label_com_docker_compose_project: 'shop',
  container_label_com_docker_compose_service: 'api',
};

describe('identity', () => {
  test.each([
    { given: 'a plain container', labels: { name: 'redis' }, wanted: { instance: 'n', name: 'redis' } },
    { given: 'a swarm task', labels: { ...swarm, name: 'web.2.x7f' }, wanted: { instance: 'n', name: 'web.2' } },
    {
      given: 'a name with dots of its own',
      labels: { name: 'web.2.x7f' },
      wanted: { instance: 'n', name: 'web.2.x7f' },
    },
    {
      given: 'a deployment of ours',
      labels: {
        ...swarm,
        name: 'web.1.a',
        container_label_odyssey_deployment: 'shop',
        container_label_odyssey_revision: '7',
      },
      wanted: { instance: 'n', name: 'web.1', deployment: 'shop', revision: '7' },
    },
    { given: 'no name', labels: {}, wanted: undefined },
    { given: 'an empty name', labels: { name: '' }, wanted: undefined },
  ])('$given', ({ labels, wanted }) => {
    expect(container.identify({ instance: 'n', id: '/docker/1', image: 'i', ...labels })?.labels).toEqual(wanted);
  });

  test('a new task in the same slot is the same entity', () => {
    const [before, after] = ['web.1.old', 'web.1.new'].map((name) =>
      container.identify({ instance: 'n', ...swarm, name }),
    );
    expect(before!.key).toBe(after!.key);
  });
});

describe('model key', () => {
  const key = (labels: Record<string, string>) => container.identify({ instance: 'n', ...labels })!.modelKey;
  test.each([
    {
      given: 'two revisions of a deployment, on two machines',
      left: key({ name: 'a.1', container_label_odyssey_deployment: 'd', container_label_odyssey_revision: '1' }),
      right: container.identify({
        instance: 'm',
        name: 'b.2',
        container_label_odyssey_deployment: 'd',
        container_label_odyssey_revision: '2',
      })!.modelKey,
      same: true,
    },
    {
      given: 'two replicas of a compose service',
      left: key({ name: 'shop-api-1', ...compose }),
      right: key({ name: 'shop-api-2', ...compose }),
      same: true,
    },
    { given: 'two containers', left: key({ name: 'a' }), right: key({ name: 'b' }), same: false },
    {
      given: 'a name that looks like a key',
      left: key({ name: 'shop' }),
      right: key({ name: 'x', container_label_odyssey_deployment: 'shop' }),
      same: false,
    },
  ])('$given: the same $same', ({ left, right, same }) => {
    expect(left === right).toBe(same);
  });
});

test("matchers let a slot's tasks through, and no container of a longer name", () => {
  const match = container.match([container.identify({ instance: 'n', name: 'web.1.abc', ...swarm })!]);
  const pattern = new RegExp(`^(?:${JSON.parse(match.replace(/^name=~/, ''))})$`);
  expect(['web.1', 'web.1.xyz', 'web.10.xyz', 'webx1'].map((name) => pattern.test(name))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('every metric is one series a container, for all and for some', () => {
  for (const { metric, expression } of container.metrics) {
    const text = expression('name=~"a"', { row: '1m', rate: '75s' });
    expect(text, metric).toMatch(/^(sum|max) by \(instance, name, /);
    expect(text, metric).toContain('{name!="",name=~"a"}');
  }
});
