// A table as a person set it up: the address holds it, unknown comes last, rows stay where they are while values move.
import { describe, expect, test } from 'vitest';
import { Router } from '../../../../web/console/state/router.svelte.ts';
import { type Column, TableState } from '../../../../web/console/state/table.svelte.ts';
import { fakePorts } from '../ports.ts';

interface Row {
  name: string;
  cpu: number | null;
}
const columns: Column<Row>[] = [
  { key: 'name', title: 'Name', value: ({ name }) => name },
  { key: 'cpu', title: 'CPU', value: ({ cpu }) => cpu, unit: 'cores' },
  { key: 'more', title: 'More', value: () => 'extra', hidden: true },
];

function tableOf(first: Row[], address = '/') {
  const ports = fakePorts(undefined, address);
  const router = new Router(ports.address);
  const table = new TableState<Row>({ columns, rows: () => first, id: ({ name }) => name, router, sort: '-cpu' });
  return { router, table, names: () => table.visible.map(({ name }) => name) };
}

const rows: Row[] = [
  { name: 'api-2', cpu: 0.5 },
  { name: 'api-10', cpu: null },
  { name: 'db', cpu: 2 },
];

describe('order', () => {
  test.each([
    { sort: '-cpu', order: ['db', 'api-2', 'api-10'] },
    { sort: 'cpu', order: ['api-2', 'db', 'api-10'] },
    { sort: 'name', order: ['api-2', 'api-10', 'db'] },
    { sort: '-name', order: ['db', 'api-10', 'api-2'] },
    { sort: 'nonsense', order: ['api-2', 'api-10', 'db'] },
  ])('$sort', ({ sort, order }) => {
    expect(tableOf(rows, `/?t.sort=${sort}`).names()).toEqual(order);
  });

  test('a heading sorts numbers with the largest first, and turns round the second time', () => {
    const { table, router } = tableOf(rows, '/?t.sort=name');
    table.sortBy('cpu');
    expect(router.query['t.sort']).toBe('-cpu');
    table.sortBy('cpu');
    expect(router.query['t.sort']).toBe('cpu');
    table.sortBy('name');
    expect(router.query['t.sort']).toBe('name');
  });
});

describe('filter and columns', () => {
  test('every word must be somewhere in the row, hidden columns too', () => {
    const { table, names } = tableOf(rows);
    table.filterBy('API extra');
    expect(names()).toEqual(['api-2', 'api-10']);
    table.filterBy('api nothing');
    expect(names()).toEqual([]);
    table.filterBy('');
    expect(names()).toHaveLength(3);
  });

  test('columns are chosen in the order of the table, and one is always left', () => {
    const { table } = tableOf(rows);
    const keys = () => table.columns.map(({ key }) => key);
    expect(keys()).toEqual(['name', 'cpu']);
    table.showColumn('more', true);
    table.showColumn('name', false);
    expect(keys()).toEqual(['cpu', 'more']);
    table.showColumn('cpu', false);
    table.showColumn('more', false);
    expect(keys()).toEqual(['more']);
  });
});

describe('columns on a phone', () => {
  const wideAndNarrow: Column<Row>[] = [
    ...columns,
    { key: 'image', title: 'Image', value: () => 'api:1', wide: true },
    { key: 'why', title: 'Why', value: () => '', hidden: true, narrow: 'words' },
    { key: 'where', title: 'Where', value: () => '', wide: true, narrow: 'fact' },
  ];
  test.each([
    { address: '/', wide: ['name', 'cpu', 'image', 'where'], narrow: ['name', 'cpu', 'why', 'where'] },
    { address: '/?t.cols=name,image', wide: ['name', 'image'], narrow: ['name', 'image'] },
  ])('$address', ({ address, wide, narrow }) => {
    const router = new Router(fakePorts(undefined, address).address);
    const table = new TableState<Row>({ columns: wideAndNarrow, rows: () => rows, id: ({ name }) => name, router });
    expect(table.columns.map(({ key }) => key)).toEqual(wide);
    expect(table.narrowColumns.map(({ key }) => key)).toEqual(narrow);
    table.showColumn('cpu', false, table.narrowColumns);
    expect(table.narrowColumns.map(({ key }) => key)).toEqual(narrow.filter((key) => key !== 'cpu'));
  });
});

test('two rows of one name are still two', () => {
  const { table } = tableOf([...rows, rows[0]!]);
  expect(new Set(table.keys).size).toBe(4);
});

describe('marks and keyboard', () => {
  test('all means all that can be seen; marks of rows that went do not count', () => {
    const { table } = tableOf(rows);
    table.filterBy('api');
    table.markAll(true);
    expect(table.markedRows.map(({ name }) => name)).toEqual(['api-2', 'api-10']);
    table.mark('api-2', false);
    table.mark('gone', true);
    expect(table.markedRows.map(({ name }) => name)).toEqual(['api-10']);
  });

  test('steps go through the rows and stop at both ends', () => {
    const { table } = tableOf(rows);
    expect([1, 1, 1, 1, -1, -9].map((by) => table.step(by))).toEqual([
      'db',
      'api-2',
      'api-10',
      'api-10',
      'api-2',
      'db',
    ]);
  });
});
