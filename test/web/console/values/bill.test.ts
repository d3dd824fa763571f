// The bill: parts by the names that people know; what a part does not tell is unknown and adds nothing.
import { expect, test } from 'vitest';
import { billRow, sumOf } from '../../../../web/console/values/bill.ts';
import { silent, value } from '../overviews.ts';

test.each([
  { job: 'node', name: 'collector' },
  { job: 'ingress', name: 'ingress (HAProxy)' },
  { job: 'prometheus', name: 'prometheus' },
])('$job is the $name', ({ job, name }) => {
  const row = billRow({ job, memoryBytes: value(5), cpuCores: silent });
  expect(row).toEqual({ job, name, memory: 5, cpu: null });
});

test('the sum is of what is known; nothing known is unknown', () => {
  expect(sumOf([1, null, 2])).toBe(3);
  expect(sumOf([null])).toBeNull();
  expect(sumOf(undefined)).toBeNull();
});
