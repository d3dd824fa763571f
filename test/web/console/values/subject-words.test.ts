// What an act was done to, with names where there are some and ids where there are none.
import { describe, expect, test } from 'vitest';
import { nameOr, saySubject } from '../../../../web/console/values/subject-words.ts';

const shop = '0123456789abcdef';
const lost = 'fedcba9876543210';
const node = 'n'.repeat(25);
const names = { environments: new Map([[shop, 'shop']]), nodes: new Map([[node, 'orion']]) };
const unread = { environments: undefined, nodes: undefined };

describe('subjects', () => {
  test.each<{ subject: string; in?: string; own?: string; says: string }>([
    { subject: `environment/${shop}`, says: 'environment shop' },
    { subject: 'environment/shop', says: 'environment shop' },
    { subject: `environment/${lost}`, says: `environment ${lost} (gone)` },
    { subject: `environment/${shop}/volume/vol-data`, says: 'volume vol-data in shop' },
    { subject: `environment/${lost}/secret/db`, says: `secret db in ${lost} (gone)` },
    { subject: `environment/${shop}/network/pay/deployment/api`, says: 'network pay, deployment api in shop' },
    { subject: 'deployment/api', in: shop, says: 'deployment api in shop' },
    { subject: 'deployment/api', in: lost, says: `deployment api in ${lost} (gone)` },
    { subject: 'deployment/api', says: 'deployment api' },
    { subject: `node/${node}`, says: 'node orion' },
    { subject: 'node/x', says: 'node x (gone)' },
    { subject: 'person/p2', own: 'bo', says: 'person bo' },
    { subject: 'person/p2', says: 'person p2' },
    {
      subject: 'container/0123456789ab',
      own: 'api-r1.2.wkgrlta0jcnd2btftxh0gj5nm',
      says: 'container api-r1.2',
    },
    { subject: 'container/0123456789ab', says: 'container 0123456789ab' },
    { subject: 'threat/orion/77', says: 'process 77 on orion' },
    { subject: 'registry/r.example:5000/shop', says: 'registry r.example:5000/shop' },
    { subject: 'audit', in: shop, says: 'audit' },
    { subject: '', says: '' },
  ])('$subject is $says', ({ subject, in: environment, own, says }) => {
    expect(saySubject(subject, environment, { ...names, own })).toBe(says);
  });

  test.each([
    { subject: `environment/${lost}`, says: `environment ${lost}` },
    { subject: `node/${node}`, says: `node ${node}` },
  ])('before the names are read nothing is gone: $subject', ({ subject, says }) => {
    expect(saySubject(subject, undefined, unread)).toBe(says);
  });
});

test('a name, or the id with that it is gone where all names are known', () => {
  expect(nameOr(shop, names.environments)).toBe('shop');
  expect(nameOr(lost, names.environments)).toBe(`${lost} (gone)`);
  expect(nameOr(lost, undefined)).toBe(lost);
});
