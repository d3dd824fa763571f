// The doctor's judgement of memory, disk and ports.
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../../core/lib/doctor/facts.ts';
import { judge } from '../../../../core/lib/doctor/findings.ts';

const gibibyte = 2 ** 30;
const healthy: Facts = {
  memoryBytes: 3.8 * gibibyte,
  swapBytes: 0,
  disk: { folder: '/srv', freeBytes: 40 * gibibyte, sizeBytes: 80 * gibibyte, inodesFree: 5_000_000 },
  ports: [{ name: 'collector', port: 9401, state: 'free' }],
  kernel: '6.1.0-13-amd64',
  cgroup: { version: 'v2', controllers: ['cpu', 'memory', 'pids', 'io'] },
  docker: { kind: 'engine', version: '26.1.5', logDriver: 'local', logsRotate: undefined },
  timeSync: { state: 'yes', by: 'chrony' },
  gpu: { kind: 'none' },
  node: 'v26.10.0',
};
const judged = (changed: Partial<Facts>, name: string) =>
  judge({ ...healthy, ...changed }).find((finding) => finding.name === name)!;
const disk = (changed: Partial<NonNullable<Facts['disk']>>) => ({ disk: { ...healthy.disk!, ...changed } });

describe('doctor', () => {
  test('a healthy machine of the target size has nothing to mend', () => {
    expect(judge(healthy).filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(judge(healthy).map(({ name }) => name)).toEqual([
      'memory',
      'swap',
      'disk',
      'inodes',
      'port 9401',
      'kernel',
      'cgroups',
      'docker',
      'docker logs',
      'time',
      'gpu',
      'node',
    ]);
  });

  test.each([
    { given: '2 GiB of memory', changed: { memoryBytes: 2 * gibibyte }, name: 'memory', expected: 'warn' },
    { given: '512 MiB of memory', changed: { memoryBytes: gibibyte / 2 }, name: 'memory', expected: 'fail' },
    { given: 'unreadable memory', changed: { memoryBytes: undefined }, name: 'memory', expected: 'unknown' },
    { given: 'no swap beside 2 GiB', changed: { memoryBytes: 2 * gibibyte }, name: 'swap', expected: 'warn' },
    {
      given: 'swap beside 2 GiB',
      changed: { memoryBytes: 2 * gibibyte, swapBytes: gibibyte },
      name: 'swap',
      expected: 'ok',
    },
    { given: 'unreadable swap', changed: { swapBytes: undefined }, name: 'swap', expected: 'unknown' },
    { given: '10 GiB free', changed: disk({ freeBytes: 10 * gibibyte }), name: 'disk', expected: 'warn' },
    { given: '900 MiB free', changed: disk({ freeBytes: 0.9 * gibibyte }), name: 'disk', expected: 'fail' },
    { given: 'a disk that cannot be examined', changed: { disk: undefined }, name: 'disk', expected: 'unknown' },
    { given: '50,000 inodes', changed: disk({ inodesFree: 50_000 }), name: 'inodes', expected: 'warn' },
    { given: '0 inodes', changed: disk({ inodesFree: 0 }), name: 'inodes', expected: 'fail' },
    { given: 'inodes that are not limited', changed: disk({ inodesFree: undefined }), name: 'inodes', expected: 'ok' },
  ])('$given → $name $expected', ({ changed, name, expected }) => {
    const finding = judged(changed, name);
    expect(finding.state).toBe(expected);
    expect(finding.fix !== undefined).toBe(expected === 'warn' || expected === 'fail');
  });

  test.each([
    { state: 'free', expected: 'ok', says: 'free for collector' },
    { state: 'ours', expected: 'ok', says: "in use by this Odyssey's collector" },
    {
      state: 'taken',
      owner: 'nginx (process 12)',
      expected: 'fail',
      says: 'wanted for collector, in use by nginx (process 12)',
    },
    { state: 'taken', expected: 'fail', says: 'wanted for collector, in use by a process that only root can see' },
  ] as const)('a port that is $state → $expected', ({ expected, says, ...fact }) => {
    expect(judged({ ports: [{ name: 'collector', port: 9401, ...fact }] }, 'port 9401')).toMatchObject({
      state: expected,
      says,
    });
  });

  test.each([
    { given: 'a taken port', changed: { ports: [{ name: 'x', port: 1, state: 'taken' as const }] }, stops: true },
    { given: 'a full disk', changed: disk({ freeBytes: 0 }), stops: true },
    { given: 'no free inode', changed: disk({ inodesFree: 0 }), stops: true },
    { given: 'too little memory', changed: { memoryBytes: 1 }, stops: false },
    { given: 'no Docker', changed: { docker: { kind: 'absent' as const } }, stops: false },
    { given: 'an unknown clock', changed: { timeSync: { state: 'unknown' as const } }, stops: false },
  ])('$given stops the start: $stops', ({ changed, stops }) => {
    const essential = judge({ ...healthy, ...changed }).filter(
      (finding) => finding.state === 'fail' && finding.essential,
    );
    expect(essential.length > 0).toBe(stops);
  });
});
