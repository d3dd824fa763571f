// The collector's socket: seven calls that read, each bounded, and nothing that changes or is without end by mistake.
import { expect, test } from 'vitest';
import { readTable } from '../../../web/broker/read-table.ts';

test('exactly the seven, all of them GET, none with a body', () => {
  expect(readTable.map(({ call }) => call)).toEqual([
    'GET /_ping',
    'GET /version',
    'GET /info',
    'GET /events',
    'GET /containers/json',
    'GET /containers/{id}/json',
    'GET /containers/{id}/stats',
  ]);
  expect(readTable.every(({ body, registryAuth }) => body === undefined && !registryAuth)).toBe(true);
});

test.each(readTable)('$call has a deadline, and a stream an idle one', ({ answer, deadlineSeconds, idleSeconds }) => {
  expect(deadlineSeconds).toBeGreaterThan(0);
  expect(deadlineSeconds).toBeLessThanOrEqual(20);
  expect(idleSeconds !== undefined).toBe(answer.kind === 'lines');
});

test('no list measures files, no statistics stay open', () => {
  expect(readTable.flatMap(({ query }) => Object.keys(query))).not.toContain('size');
  const stats = readTable.find(({ call }) => call.endsWith('/stats'))!;
  expect(stats.demanded).toEqual(['stream']);
  expect(stats.query['stream']!('true')).toBeUndefined();
});
