// Disk of writable layers: few walks at a time, the right device, and silence where nothing could be measured.
import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../collector/source.ts';
import { createEngine } from '../../../../collector/sources/containers/engine.ts';
import { createContainerFilesystems } from '../../../../collector/sources/containers/filesystems.ts';
import { addContainer, createHost } from './host.ts';

async function setup(count: number, du: (folder: string) => string | Error) {
  const host = createHost(2);
  host.files['/proc/1/mounts'] =
    '/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /var/lib/docker xfs rw 0 0\n/dev/sdc1 /var/lib/dock xfs rw 0 0\n';
  for (let number = 0; number < count; number++) {
    addContainer(host, 2, `c${number}`, 100 + number);
    host.files[`/proc/${100 + number}/mountinfo`] =
      `1 2 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/var/lib/docker/overlay2/${number}/diff,workdir=/w\n`;
  }
  const walked: string[] = [];
  const machine: Machine = {
    ...host.machine,
    run: async (_, args) => {
      walked.push(args.at(-1)!);
      const answer = du(args.at(-1)!);
      if (answer instanceof Error) throw answer;
      return { exitCode: 0, stdout: answer, stderr: '' };
    },
    filesystemUse: async () => ({
      blockBytes: 4096,
      blocks: 1000,
      blocksFree: 1,
      blocksAvailable: 1,
      files: 1,
      filesFree: 1,
    }),
  };
  const engine = createEngine();
  await engine.source.read(machine);
  const source = createContainerFilesystems(engine, '/host');
  const read = async () => {
    host.now.monotonicSeconds += 5;
    return source.read(machine);
  };
  return { host, walked, read };
}

describe('writable layers', () => {
  test('use and size, on the device that holds them, by the path as the host has it', async () => {
    const { read, walked } = await setup(1, (folder) => `12\t${folder}\n`);
    expect((await read()).map(({ name, labels, value }) => [name, labels['name'], labels['device'], value])).toEqual([
      ['container_fs_limit_bytes', 'c0', '/dev/sdb1', 4_096_000],
      ['container_fs_usage_bytes', 'c0', '/dev/sdb1', 12_288],
    ]);
    expect(walked).toEqual(['/host/var/lib/docker/overlay2/0/diff']);
  });

  test('four walks a pass, each layer in its turn', async () => {
    const { read, walked } = await setup(6, (folder) => `1\t${folder}\n`);
    await read();
    expect(walked).toHaveLength(4);
    await read();
    expect(new Set(walked).size).toBe(6);
  });

  test.each([
    ['too long', new Error('nice did not end within 5 s')],
    ['nonsense', 'du: what?\n'],
  ])('a walk that ends in %s leaves no value, and is not tried again at once', async (_, answer) => {
    const { read, walked } = await setup(1, () => answer);
    expect((await read()).map(({ name }) => name)).toEqual(['container_fs_limit_bytes']);
    await read();
    expect(walked).toHaveLength(1);
  });

  test('another storage driver has no layer to walk', async () => {
    const { host, read, walked } = await setup(1, () => '1\t/\n');
    host.files['/proc/100/mountinfo'] = '1 2 8:1 / / rw - btrfs /dev/sda1 rw\n';
    expect(await read()).toEqual([]);
    expect(walked).toEqual([]);
  });
});
