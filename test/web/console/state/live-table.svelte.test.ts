// Rows of a live table keep their places until somebody asks for the order anew.
import { expect, test } from 'vitest';
import { Router } from '../../../../web/console/state/router.svelte.ts';
import { TableState } from '../../../../web/console/state/table.svelte.ts';
import { fakePorts } from '../ports.ts';

test('values move, rows do not; new ones come last, gone ones go', () => {
  let rows = $state.raw([
    { name: 'a', cpu: 3 },
    { name: 'b', cpu: 2 },
    { name: 'c', cpu: 1 },
  ]);
  const table = new TableState<{ name: string; cpu: number }>({
    columns: [{ key: 'cpu', title: 'CPU', value: (row) => row.cpu, unit: 'cores' }],
    ...{ rows: () => rows, id: (row) => row.name, router: new Router(fakePorts().address), sort: '-cpu' },
  });
  const names = () => table.visible.map(({ name }) => name).join('');
  expect([names(), table.outOfOrder]).toEqual(['abc', false]);
  rows = [
    { name: 'a', cpu: 1 },
    { name: 'c', cpu: 9 },
    { name: 'new', cpu: 10 },
    { name: 'b', cpu: 2 },
  ];
  expect([names(), table.outOfOrder]).toEqual(['abcnew', true]);
  table.resort();
  expect([names(), table.outOfOrder]).toEqual(['newcba', false]);
  rows = [{ name: 'c', cpu: 9 }];
  expect([names(), table.outOfOrder]).toEqual(['c', false]);
});
