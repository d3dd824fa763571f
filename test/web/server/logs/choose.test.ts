// Which lines a reader gets: by text, by level, of which replicas, and the last so many.
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../../core/contracts/logs.ts';
import { filterOf, ReplicaChoice, tailToRead, toUnixSeconds } from '../../../../web/server/logs/choose.ts';

const line: LogLine = {
  ...{ time: '2026-11-21T13:00:00.123456789Z', replica: 'a.1', stream: 'stderr', level: 'error', cut: false },
  text: 'Connection (refused) by DB',
};

test.each([
  { given: {}, kept: true },
  { given: { search: 'REFUSED' }, kept: true },
  { given: { search: '(refused)' }, kept: true },
  { given: { search: '.*' }, kept: false },
  { given: { levels: 'warn,error' }, kept: true },
  { given: { levels: 'info,unknown' }, kept: false },
  { given: { levels: 'error', search: 'nothing' }, kept: false },
])('$given keeps it: $kept', ({ given, kept }) => expect(filterOf(given)(line)).toBe(kept));

test.each([
  { query: { tail: 200, follow: 'true' }, read: 200 },
  { query: { tail: 0, follow: 'true', search: 'x' }, read: 0 },
  { query: { tail: 5, follow: 'true', search: 'x' }, read: 10_000 },
  { query: { tail: 5, follow: 'true', levels: 'error' }, read: 10_000 },
] as const)('$query reads $read', ({ query, read }) => expect(tailToRead(query)).toBe(read));

test('a time becomes seconds, and nonsense nothing', () => {
  expect(toUnixSeconds(line.time)).toBe(Date.parse('2026-11-21T13:00:00.123Z') / 1000);
  expect(toUnixSeconds('yesterday')).toBeUndefined();
});

describe('chosen replicas', () => {
  const choice = new ReplicaChoice('shop-r1.2,shop-r10.1', ['shop', 'mail-r2']);
  test.each([
    { given: 'a chosen one', replica: 'shop-r1.2', taken: true },
    { given: 'another slot', replica: 'shop-r1.20', taken: false },
    { given: 'a later revision, although the slot is the same', replica: 'shop-r2.2', taken: false },
    { given: 'one that is known by its task alone', replica: 'shop-r1.0123abcd', taken: false },
    { given: 'one of a deployment of which none is chosen', replica: 'mail-r2-r1.1', taken: true },
  ])('$given', ({ replica, taken }) => {
    expect(choice.takes(replica)).toBe(taken);
    expect(filterOf({}, choice)({ ...line, replica })).toBe(taken);
  });

  test('services of which none is chosen are not opened', () => {
    expect(['shop-r1', 'shop-r10', 'shop-r2', 'mail-r2-r1'].filter((one) => choice.takesService(one))).toEqual([
      'shop-r1',
      'shop-r10',
      'mail-r2-r1',
    ]);
  });

  test('without a choice all are taken', () => {
    const all = new ReplicaChoice(undefined, ['shop']);
    expect([all.takes('shop-r1.1'), all.takesService('shop-r1'), all.missing(new Set())]).toEqual([true, true, []]);
  });

  test('of a deployment that is not read are refused', () => {
    expect(() => new ReplicaChoice('mail-r1.1', ['shop'])).toThrow(expect.objectContaining({ status: 422 }));
  });

  test('what is chosen and not there is known', () => {
    expect(choice.missing(new Set(['shop-r1.2']))).toEqual(['shop-r10.1']);
  });
});
