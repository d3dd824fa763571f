// Code brought into the kernel from elsewhere is found; ordinary modules are not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'insmod /tmp/r.ko',
  'insmod ./diamorphine.ko',
  'make && cp r.ko /lib/modules/$(uname -r)/kernel/ && depmod && modprobe diamorphine',
  'git clone https://example.org/x/Reptile',
  'insmod /dev/shm/.a.ko hide=1',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('insmod /tmp/r.ko').category).toBe('system_modification');
});

test.each([
  'modprobe overlay',
  'modprobe -r nvidia',
  'lsmod',
  'insmod /lib/modules/6.1.0/kernel/net/tun.ko',
  'depmod -a',
  'kill -9 1234',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
