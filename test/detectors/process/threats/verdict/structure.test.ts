// Facts from /proc: each counts when it is known, and none when it is not.
import { expect, test } from 'vitest';
import type { ProcessFacts } from '../../../../../core/contracts/processes.ts';
import { examineStructure } from '../../../../../detectors/process/threats/verdict/structure.ts';

const of = (facts: Partial<ProcessFacts>): ProcessFacts => ({ pid: 2, argv: ['x'], ...facts });
const ids = (facts: Partial<ProcessFacts>, parent?: Partial<ProcessFacts>): string[] =>
  examineStructure(of(facts), parent === undefined ? undefined : of(parent)).map(({ id }) => id);

test('nothing known is nothing seen', () => {
  expect(ids({})).toEqual([]);
  expect(ids({}, {})).toEqual([]);
});

test.each([
  { id: 'shell-on-socket', facts: { exe: '/usr/bin/bash', stdioIsOneSocket: true } },
  { id: 'program-on-socket', facts: { exe: '/opt/x', stdioIsOneSocket: true, stdioPeer: '203.0.113.9:443' } },
  { id: 'program-from-memory-only', facts: { exe: '/memfd:x' } },
  { id: 'deleted-program-from-writable-folder', facts: { exe: '/tmp/x', exeDeleted: true } },
  { id: 'deleted-program', facts: { exe: '/usr/bin/x', exeDeleted: true } },
  { id: 'program-in-shared-memory', facts: { exe: '/dev/shm/x' } },
  { id: 'program-in-writable-folder', facts: { exe: '/var/tmp/x' } },
  { id: 'hidden-program', facts: { exe: '/tmp/.x/y' } },
  { id: 'kernel-thread-impostor', facts: { exe: '/usr/bin/x', argv: ['[kworker/0:1]'], kernelThread: false } },
  { id: 'name-unlike-program', facts: { exe: '/tmp/x', argv: ['/usr/sbin/sshd'] } },
  { id: 'shell-became-root', facts: { exe: '/usr/bin/bash', uid: 1000, euid: 0 } },
  { id: 'busy-on-pool-port', facts: { remotePorts: [3333], cpuCores: 2 } },
  { id: 'busy-on-pool-port', facts: { remotePorts: [3333], gpuRatio: 0.95 } },
  { id: 'busy-from-writable-folder', facts: { exe: '/tmp/x', cpuCores: 1 } },
  { id: 'foreign-library-loaded', facts: { ldPreload: '/tmp/x.so' } },
  { id: 'library-loaded', facts: { ldPreload: '/opt/x.so' } },
  { id: 'program-outside-image', facts: { exeOutsideImage: true, container: { name: 'web' } } },
  {
    id: 'shell-with-host-mounts',
    facts: { exe: '/bin/sh', argv: ['sh'], container: { name: 'c', hostMounts: ['/'] } },
  },
  {
    id: 'shell-in-privileged-container',
    facts: { exe: '/bin/sh', argv: ['sh'], container: { name: 'c', privileged: true } },
  },
])('$id', ({ id, facts }) => {
  expect(ids(facts)).toContain(id);
});

test.each([
  {
    id: 'became-root-without-sudo',
    facts: { exe: '/opt/x', euid: 0, container: null },
    parent: { exe: '/bin/bash', euid: 1000, container: null },
  },
  { id: 'shell-under-server', facts: { exe: '/bin/sh', argv: ['sh', '-c', 'id'] }, parent: { comm: 'nginx' } },
  { id: 'interactive-shell-under-server', facts: { exe: '/bin/sh', argv: ['sh', '-i'] }, parent: { comm: 'postgres' } },
  {
    id: 'script-shell-under-server',
    facts: { exe: '/bin/sh', argv: ['sh', '-c', 'id'] },
    parent: { comm: 'php-fpm8.2' },
  },
])('$id with its parent, and not without', ({ id, facts, parent }) => {
  expect(ids(facts, parent)).toContain(id);
  expect(ids(facts)).not.toContain(id);
});

test.each([
  {
    given: 'sudo itself',
    facts: { exe: '/usr/bin/sudo', euid: 0, container: null },
    parent: { exe: '/bin/bash', euid: 1000, container: null },
  },
  {
    given: 'root of another user namespace',
    facts: { exe: '/opt/x', euid: 0, container: { name: 'a' } },
    parent: { exe: '/bin/x', euid: 1000, container: null },
  },
  { given: 'a container of unknown name', facts: { exe: '/opt/x', euid: 0 }, parent: { exe: '/bin/x', euid: 1000 } },
  { given: 'a real kernel thread', facts: { argv: [], comm: 'kworker/0:1', kernelThread: true } },
  { given: 'an idle program on a pool port', facts: { remotePorts: [3333], cpuCores: 0.01 } },
  { given: 'a busy program elsewhere', facts: { exe: '/usr/bin/x', remotePorts: [443], cpuCores: 4 } },
  { given: 'an allocator', facts: { ldPreload: '/usr/lib/libjemalloc.so.2' } },
  { given: 'an empty LD_PRELOAD', facts: { ldPreload: '' } },
  {
    given: 'a login shell',
    facts: { exe: '/usr/bin/bash', argv: ['-bash'], uid: 0, euid: 0, stdioIsOneSocket: false },
  },
  { given: 'runc', facts: { exe: '/memfd:runc_cloned:/proc/self/exe', comm: 'runc' } },
])('ordinary: $given', ({ facts, parent }: { facts: Partial<ProcessFacts>; parent?: Partial<ProcessFacts> }) => {
  expect(ids(facts, parent)).toEqual([]);
});
