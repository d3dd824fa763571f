// The control plane's socket: what it may change, and that every change which carries a body has a validator for it.
import { expect, test } from 'vitest';
import { readTable } from '../../../web/broker/read-table.ts';
import { writeTable } from '../../../web/broker/write-table.ts';
import { goodBodies } from './bodies.ts';
import { openPolicy } from './harness.ts';

const rows = writeTable(openPolicy);

test('no call that runs, copies, builds, attaches or installs', () => {
  expect(
    rows.filter(({ call }) =>
      /exec|attach|archive|copy|build|commit|plugin|export|import|load|prune|unlock|join|leave/.test(call),
    ),
  ).toEqual([]);
});

test('a call with a body is in the table of good bodies, so that its validator is known to take what it must', () => {
  const known = new Set([...goodBodies.map(({ call }) => call), 'POST /services/{service}/update']);
  expect(rows.filter(({ body, call }) => body !== undefined && !known.has(call as never))).toEqual([]);
});

test.each(rows)('$call has bounds', ({ answer, deadlineSeconds, idleSeconds, bodyBytesMax }) => {
  expect(deadlineSeconds).toBeLessThanOrEqual(140);
  expect(bodyBytesMax).toBeLessThanOrEqual(1024 * 1024);
  expect(answer.bytesMax < Number.POSITIVE_INFINITY || idleSeconds !== undefined).toBe(true);
});

test('credentials travel only with calls that ask a registry', () => {
  expect(rows.filter(({ registryAuth }) => registryAuth).map(({ call }) => call)).toEqual([
    'GET /distribution/{image}/json',
    'POST /images/create',
    'POST /services/create',
    'POST /services/{service}/update',
  ]);
});

test('what both sockets can ask is asked alike or more freely here', () => {
  for (const { call, query } of readTable.filter((row) => rows.some((other) => other.call === row.call))) {
    const here = rows.find((other) => other.call === call)!;
    expect(Object.keys(here.query)).toEqual(expect.arrayContaining(Object.keys(query)));
  }
});
