// An exception allows exactly one program, with one argument list, under one parent, in one place, until it ends.
import { expect, test } from 'vitest';
import type { ProcessFacts } from '../../../../../core/contracts/processes.ts';
import { threatException } from '../../../../../core/contracts/threats.ts';
import { allowedBy } from '../../../../../detectors/process/threats/verdict/allow-list.ts';

const exception = threatException.parse({
  id: 'e1',
  exeSha256: 'a'.repeat(64),
  argv: ['miner', '--bench'],
  parentExe: '/usr/sbin/cron',
  container: null,
  expiresAtSeconds: 1_000,
  reason: 'benchmark of the new cards',
  owner: 'ops',
});
const facts: ProcessFacts = { pid: 2, argv: ['miner', '--bench'], exeSha256: 'a'.repeat(64), container: null };
const parent: ProcessFacts = { pid: 1, argv: ['cron'], exe: '/usr/sbin/cron' };

test('all four equal and in time: allowed', () => {
  expect(allowedBy([exception], facts, parent, 999)?.id).toBe('e1');
});

test.each([
  { given: 'ended', facts, parent, now: 1_000 },
  { given: 'another program', facts: { ...facts, exeSha256: 'b'.repeat(64) }, parent, now: 1 },
  { given: 'another argument', facts: { ...facts, argv: ['miner', '--real'] }, parent, now: 1 },
  { given: 'more arguments', facts: { ...facts, argv: ['miner', '--bench', 'x'] }, parent, now: 1 },
  { given: 'cut arguments', facts: { ...facts, argvTruncated: true }, parent, now: 1 },
  { given: 'another parent', facts, parent: { ...parent, exe: '/bin/sh' }, now: 1 },
  { given: 'a container', facts: { ...facts, container: { name: 'web' } }, parent, now: 1 },
  { given: 'an unknown hash', facts: { pid: 2, argv: facts.argv, container: null }, parent, now: 1 },
  { given: 'an unknown place', facts: { pid: 2, argv: facts.argv, exeSha256: 'a'.repeat(64) }, parent, now: 1 },
  { given: 'an unknown parent', facts, parent: undefined, now: 1 },
])('$given: not allowed', ({ facts: given, parent: by, now }) => {
  expect(allowedBy([exception], given, by, now)).toBeUndefined();
});

test('there is no exception without an end', () => {
  const { expiresAtSeconds: _, ...endless } = exception;
  expect(threatException.safeParse(endless).success).toBe(false);
});
