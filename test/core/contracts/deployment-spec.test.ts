// What may be asked for when something is deployed: defaults that are safe, changes that carry none, names that the broker takes.
import { describe, expect, test } from 'vitest';
import { ownNames } from '../../../core/contracts/broker.ts';
import { deploymentName, deploymentSpec, revisionChange } from '../../../core/contracts/deployment-spec.ts';

describe('a specification', () => {
  test('of a name and an image is whole, with limits', () => {
    const spec = deploymentSpec.parse({ name: 'shop', image: 'registry.example/shop:1.4' });
    expect(spec).toMatchObject({
      ...{ replicas: 1, hosts: [], keepRevisions: 5, env: {}, readOnlyRoot: false, stopGraceSeconds: 10 },
      limits: { memoryMegabytes: 512, cpus: 0.5 },
      rollout: { parallelism: 1, monitorSeconds: 3 },
      restart: { condition: 'any', delaySeconds: 1 },
    });
  });

  test.each([
    { given: 'an unknown field', change: { privileged: true } },
    { given: 'no limit on memory', change: { limits: { memoryMegabytes: 0 } } },
    { given: 'a folder that walks up', change: { volumes: [{ name: 'vol-data', path: '/data/../etc' }] } },
    { given: 'a volume that is not ours', change: { volumes: [{ name: 'data', path: '/data' }] } },
    { given: 'a name with an underscore', change: { name: 'my_shop' } },
    { given: 'a variable that is no name', change: { env: { 'A=B': 'c' } } },
    { given: 'a health path that ends a line', change: { healthPath: '/healthz\nbackend x' } },
    { given: 'a host in capitals', change: { hosts: ['Shop.example'] } },
  ])('with $given is refused', ({ change }) => {
    expect(deploymentSpec.safeParse({ name: 'shop', image: 'shop:1', ...change }).success).toBe(false);
  });
});

test('a change carries what was given and no default', () => {
  expect(revisionChange.parse({ image: 'shop:2' })).toEqual({ image: 'shop:2' });
  expect(revisionChange.parse({ healthCheck: null })).toEqual({ healthCheck: null });
});

test.each(['a', 'shop', 'a-b', `a${'b'.repeat(39)}`])('a service of %s has a name that the broker takes', (name) => {
  expect(deploymentName.safeParse(name).success).toBe(true);
  expect(`${name}-r999999`).toMatch(ownNames.service);
});
