// Names of the engine as people read them.
import { expect, test } from 'vitest';
import {
  isTaskOf,
  nameNetwork,
  nameVolumes,
  shortDigests,
  shortTask,
} from '../../../../web/console/values/engine-names.ts';

test.each([
  { name: 'shop-r1.2.wkgrlta0jcnd2btftxh0gj5nm', short: 'shop-r1.2' },
  {
    name: 'shop-r1.phucoqaaprlutf6fu1kcit0nv.wkgrlta0jcnd2btftxh0gj5nm',
    short: 'shop-r1.phucoqaaprlutf6fu1kcit0nv.wkgrlta0jcnd2btftxh0gj5nm',
  },
  { name: 'postgres', short: 'postgres' },
  { name: 'a.1.b', short: 'a.1.b' },
])('$name is read as $short', ({ name, short }) => {
  expect(shortTask(name)).toBe(short);
});

test.each([
  { text: `run sha256:${'ab'.repeat(32)}; and`, short: 'run sha256:abababababab…; and' },
  { text: `app:1@sha256:${'0'.repeat(64)}`, short: 'app:1@sha256:000000000000…' },
  { text: 'sha256:abc', short: 'sha256:abc' },
])('$text becomes $short', ({ text, short }) => {
  expect(shortDigests(text)).toBe(short);
});

const task = 'shop-r1.2.wkgrlta0jcnd2btftxh0gj5nm';
test.each([
  { name: 'api', lasting: 'api', is: true },
  { name: task, lasting: 'shop-r1.2', is: true },
  { name: task, lasting: 'shop-r1', is: false },
  { name: task, lasting: 'shop-r1.', is: false },
  { name: 'api-2', lasting: 'api', is: false },
  { name: 'api', lasting: '', is: false },
])('$name is the thing that lastingly is called $lasting: $is', ({ name, lasting, is }) => {
  expect(isTaskOf(name, lasting)).toBe(is);
});

const shop = '0123456789abcdef';
const lost = 'fedcba9876543210';
const names = new Map([[shop, 'shop']]);
test.each([
  { text: `${shop}/vol-data`, says: 'vol-data in shop' },
  { text: `${lost}/vol-data`, says: `vol-data in ${lost} (gone)` },
  {
    text: `${shop}/vol-a, ${shop}/vol-b lies on orion alone`,
    says: 'vol-a in shop, vol-b in shop lies on orion alone',
  },
  { text: `sha256:${'ab'.repeat(32)}/vol-x`, says: `sha256:${'ab'.repeat(32)}/vol-x` },
  { text: 'vol-data', says: 'vol-data' },
])('$text is read as $says', ({ text, says }) => {
  expect(nameVolumes(text, names)).toBe(says);
});

test('before the names are read no volume is of an environment that is gone', () => {
  expect(nameVolumes(`${lost}/vol-data`, undefined)).toBe(`vol-data in ${lost}`);
});

test.each([
  { name: `env-${shop}`, says: 'shop’s own network' },
  { name: `env-${shop}-payments`, says: 'payments in shop' },
  { name: `env-${lost}-payments`, says: `env-${lost}-payments` },
  { name: 'bridge', says: 'bridge' },
])('the network $name is $says', ({ name, says }) => {
  expect(nameNetwork(name, names)).toBe(says);
});
