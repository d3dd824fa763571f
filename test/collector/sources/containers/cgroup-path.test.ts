// Where control groups are found, in the places that engines put them and in none of them.
import { describe, expect, test } from 'vitest';
import { containerIds, findGroup, parseProcessCgroup } from '../../../../collector/sources/containers/cgroup-path.ts';
import { fakeMachine } from '../../../fakes/machine.ts';

const id = 'ab'.repeat(32);
const inner = 'cd'.repeat(32);

describe('the group of a process', () => {
  test.each([
    ['unified', `0::/system.slice/docker-${id}.scope\n`, `/system.slice/docker-${id}.scope`],
    ['classic', `12:pids:/docker/${id}\n4:memory:/docker/${id}\n1:name=systemd:/docker/${id}\n0::/\n`, `/docker/${id}`],
    ['both, container in the classic tree', `4:memory:/docker/${id}\n0::/system.slice/x.service\n`, `/docker/${id}`],
    ['both, container in the unified tree', `4:memory:/\n0::/docker/${id}\n`, `/docker/${id}`],
    ['without the memory controller', `3:cpu,cpuacct:/docker/${id}\n`, `/docker/${id}`],
    ['no container', '0::/init.scope\n', '/init.scope'],
    ['empty', '', undefined],
    ['nonsense', 'what\n::\n0:x', undefined],
  ])('%s', (_, text, path) => expect(parseProcessCgroup(text)).toBe(path));

  test('ids in a path, the outermost first', () => {
    expect(containerIds(`/docker/${id}/docker/${inner}/init`)).toEqual([id, inner]);
    expect(containerIds(`/kubepods/${'a'.repeat(65)}`)).toEqual([]);
  });
});

describe('finding a group', () => {
  const at = (path: string, controllers = 'cpu') => ({
    '/sys/fs/cgroup/cgroup.controllers': controllers,
    [`/sys/fs/cgroup${path}/cgroup.procs`]: '1\n',
  });
  const none = { id, pid: undefined, cgroupParent: undefined };

  test.each([
    ['what its process says', { '/proc/7/cgroup': `0::/a/${id}/init\n` }, { pid: 7 }, `/a/${id}`],
    ['cgroupfs', at(`/docker/${id}`), {}, `/docker/${id}`],
    ['systemd', at(`/system.slice/docker-${id}.scope`), {}, `/system.slice/docker-${id}.scope`],
    ['a parent', at(`/custom/${id}`), { cgroupParent: '/custom' }, `/custom/${id}`],
    [
      'a nested slice',
      at(`/a.slice/a-b.slice/docker-${id}.scope`),
      { cgroupParent: 'a-b.slice' },
      `/a.slice/a-b.slice/docker-${id}.scope`,
    ],
    [
      'seen through another namespace',
      { ...at(`/docker/${id}`), '/proc/7/cgroup': `0::/../${id}\n` },
      { pid: 7 },
      `/docker/${id}`,
    ],
    ['somewhere else', at(`/user.slice/deep/podman-${id}.scope`), {}, `/user.slice/deep/podman-${id}.scope`],
    ['v1', { [`/sys/fs/cgroup/memory/docker/${id}/cgroup.procs`]: '1\n' }, {}, `/docker/${id}`],
    ['nowhere', at('/other'), {}, undefined],
  ])('%s', (_, files, hints, path) => expect(findGroup(fakeMachine(files), { ...none, ...hints }, true)).toBe(path));

  test('a search is bounded, and made only when allowed', () => {
    const files: Record<string, string> = { '/sys/fs/cgroup/cgroup.controllers': 'cpu' };
    for (let number = 0; number < 600; number++) files[`/sys/fs/cgroup/g${number}/sub/cgroup.procs`] = '';
    files[`/sys/fs/cgroup/z/y/x/${id}/cgroup.procs`] = '';
    const machine = fakeMachine(files);
    let opened = 0;
    const listIfThere = (path: string) => {
      opened++;
      return machine.listIfThere(path);
    };
    const counting = { ...machine, listIfThere };
    expect(findGroup(counting, none, false)).toBeUndefined();
    expect(opened).toBe(0);
    findGroup(counting, none, true);
    expect(opened).toBeLessThanOrEqual(500);
  });
});
