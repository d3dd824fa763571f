// Names of the engine as people read them.
import { expect, test } from 'vitest';
import { isTaskOf, shortDigests, shortTask } from '../../../../web/console/values/engine-names.ts';

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
