// What the facts about a machine mean for Odyssey: each line good, bad or unknown, with what to do about it.

import type { Finding } from '../../contracts/doctor.ts';
import { judgeCgroup, judgeDocker, judgeGpu, judgeKernel, judgeNode, judgeTimeSync } from './environment-findings.ts';
import type { Facts, PortFact } from './facts.ts';

const gibibyte = 2 ** 30;

/** In the order in which a person reads them. */
export function judge(facts: Facts): Finding[] {
  return [
    judgeMemory(facts.memoryBytes),
    judgeSwap(facts.swapBytes, facts.memoryBytes),
    ...judgeDisk(facts.disk),
    ...facts.ports.map(judgePort),
    judgeKernel(facts.kernel),
    judgeCgroup(facts.cgroup),
    ...judgeDocker(facts.docker),
    judgeTimeSync(facts.timeSync),
    judgeGpu(facts.gpu),
    judgeNode(facts.node),
  ];
}

function judgeMemory(bytes: number | undefined): Finding {
  const name = 'memory';
  if (bytes === undefined) return { name, state: 'unknown', says: '/proc/meminfo cannot be read' };
  const says = `${inGib(bytes)} GiB`;
  // A "4 GB" machine shows about 3.8 GiB.
  if (bytes >= 3.5 * gibibyte) return { name, state: 'ok', says };
  if (bytes >= gibibyte) {
    return {
      name,
      state: 'warn',
      says,
      fix: 'Odyssey is made for 4 GB; with less, expect less history and slower training.',
    };
  }
  return { name, state: 'fail', says, fix: 'Use a machine with at least 1 GiB, better 4.' };
}

function judgeSwap(bytes: number | undefined, memoryBytes: number | undefined): Finding {
  const name = 'swap';
  if (bytes === undefined) return { name, state: 'unknown', says: '/proc/meminfo cannot be read' };
  if (bytes > 0) return { name, state: 'ok', says: `${inGib(bytes)} GiB` };
  if (memoryBytes !== undefined && memoryBytes < 3.5 * gibibyte) {
    return {
      name,
      state: 'warn',
      says: 'none, and little memory',
      fix: 'Add 2 GiB: fallocate -l 2G /swap; chmod 600 /swap; mkswap /swap; swapon /swap',
    };
  }
  return { name, state: 'ok', says: 'none; not needed with this memory' };
}

function judgeDisk(disk: Facts['disk']): Finding[] {
  if (disk === undefined) return [{ name: 'disk', state: 'unknown', says: 'the data folder cannot be examined' }];
  return [judgeSpace(disk), judgeInodes(disk.inodesFree)];
}

function judgeSpace(disk: NonNullable<Facts['disk']>): Finding {
  const name = 'disk';
  const says = `${inGib(disk.freeBytes)} of ${inGib(disk.sizeBytes)} GiB free at ${disk.folder}`;
  if (disk.freeBytes < gibibyte) {
    return {
      name,
      state: 'fail',
      essential: true,
      says,
      fix: 'Free at least 1 GiB, or give another folder with --data DIR.',
    };
  }
  if (disk.freeBytes < 15 * gibibyte) {
    return {
      name,
      state: 'warn',
      says,
      fix: '90 days of history want up to 10 GiB and room beside it; older history goes first.',
    };
  }
  return { name, state: 'ok', says };
}

function judgeInodes(free: number | undefined): Finding {
  const name = 'inodes';
  if (free === undefined) return { name, state: 'ok', says: 'not limited on this file system' };
  const says = `${free} free`;
  if (free >= 100_000) return { name, state: 'ok', says };
  const fix = 'Remove many small files, or give another file system with --data DIR.';
  return free < 5_000 ? { name, state: 'fail', essential: true, says, fix } : { name, state: 'warn', says, fix };
}

function judgePort({ name, port, state, owner }: PortFact): Finding {
  const line = `port ${port}`;
  if (state === 'free') return { name: line, state: 'ok', says: `free for ${name}` };
  if (state === 'ours') return { name: line, state: 'ok', says: `in use by this Odyssey's ${name}` };
  return {
    name: line,
    state: 'fail',
    essential: true,
    says: `wanted for ${name}, in use by ${owner ?? 'a process that only root can see'}`,
    fix: 'Stop that program, or move all our ports with --port-base N.',
  };
}

function inGib(bytes: number): string {
  return (bytes / gibibyte).toFixed(1);
}
