// Names, images, mounts: what each pattern takes.
import { describe, expect, test } from 'vitest';
import { ownNames } from '../../../../core/contracts/broker.ts';
import {
  alias,
  atMost,
  containerMounts,
  imageReference,
  networkName,
  objectName,
  ownLabels,
  serviceMounts,
} from '../../../../web/broker/validate/parts.ts';
import { openPolicy } from '../harness.ts';

test.each([
  ['shop', true],
  ['registry:5000/team/shop', true],
  ['registry.example.org/team/shop:1.2_x-3', true],
  [`shop@sha256:${'0'.repeat(64)}`, true],
  [`shop:1@sha256:${'0'.repeat(64)}`, true],
  ['Shop', false],
  ['../shop', false],
  ['shop:', false],
  ['-shop', false],
  ['shop@sha256:00', false],
  ['http://shop', false],
  [`${'a'.repeat(513)}`, false],
])('the image %s: %s', (image, taken) => expect(imageReference.test(image)).toBe(taken));

test('a reference that nearly fits is refused quickly', () => {
  const started = performance.now();
  expect(imageReference.test(`${'a.'.repeat(255)}!`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});

test.each([
  ['web', true],
  ['web.1.y0u6', true],
  ['/web', false],
  ['.web', false],
  ['', false],
  ['a'.repeat(129), false],
])('the name %s: %s', (name, taken) => expect(objectName.test(name)).toBe(taken));

test('no name of ours can be an id or the beginning of one', () => {
  for (const pattern of Object.values(ownNames)) {
    for (const id of ['y0u6cfcgfu5g6bcufo5yin2zi', '02b5220b9180', 'host', 'bridge', 'none', 'ingress', 'a'])
      expect(pattern.test(id)).toBe(false);
  }
});

describe('mounts', () => {
  const volume = { Type: 'volume', Source: 'vol-a', Target: '/data' };
  test.each<[string, unknown, boolean, boolean]>([
    ['our volume', volume, true, true],
    ['a listed volume', { ...volume, Source: 'odyssey_haproxy' }, true, true],
    ['another volume', { ...volume, Source: 'other' }, false, false],
    ['a volume without a name', { ...volume, Source: '' }, false, false],
    ['a volume driver', { ...volume, VolumeOptions: { DriverConfig: {} } }, false, false],
    ['a part of a volume', { ...volume, VolumeOptions: { Subpath: '../..' } }, false, false],
    ['a mount at the root', { ...volume, Target: '/' }, false, false],
    ['a mount at a crooked place', { ...volume, Target: '/a/../proc' }, false, false],
    ['a listed folder', { Type: 'bind', Source: '/srv/odyssey/run/haproxy', Target: '/x' }, true, false],
    [
      'a folder that the engine makes',
      { Type: 'bind', Source: '/srv/odyssey/run/haproxy', Target: '/x', BindOptions: { CreateMountpoint: true } },
      false,
      false,
    ],
    ['memory with options', { Type: 'tmpfs', Target: '/x', TmpfsOptions: { Options: [['exec']] } }, false, false],
    ['an image', { Type: 'image', Source: 'a', Target: '/x' }, false, false],
    ['a cluster volume', { Type: 'cluster', Source: 'a', Target: '/x' }, false, false],
  ])('%s', (_name, mount, inContainer, inService) => {
    expect(containerMounts(openPolicy).safeParse([mount]).success).toBe(inContainer);
    expect(serviceMounts(openPolicy).safeParse([mount]).success).toBe(inService);
  });
});

test('networks go by our names', () => {
  expect(
    ['env-one', 'odyssey_default', 'host', 'bridge', 'env-', 'ENV-one'].map(
      (name) => networkName(openPolicy).safeParse(name).success,
    ),
  ).toEqual([...[true, true, false, false, false, false]]);
});

test('a deployment’s labels are all three', () => {
  expect(
    ownLabels.safeParse({ odyssey_environment: 'a', odyssey_deployment: 'b', odyssey_revision: 'c' }).success,
  ).toBe(true);
  expect(ownLabels.safeParse({ odyssey_environment: 'a', odyssey_deployment: 'b' }).success).toBe(false);
  expect(alias.safeParse('shop.internal').success).toBe(true);
  expect(alias.safeParse('-shop').success).toBe(false);
  expect(atMost(1)({ a: 1, b: 2 })).toBe(false);
});
