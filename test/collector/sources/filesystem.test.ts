// Filesystems that hold data are exported, those of the kernel are not, and a dead mount costs only itself.
import { expect, test } from 'vitest';
import { filesystem, parseMounts } from '../../../collector/sources/filesystem.ts';
import { fileError, hangs } from '../../fakes/machine.ts';
import { read } from '../read.ts';

const use = { blockBytes: 4096, blocks: 100, blocksFree: 50, blocksAvailable: 40, files: 10, filesFree: 7 };
const mounts = (...lines: string[]) => ({ '/proc/1/mounts': `${lines.join('\n')}\n` });
const places = (text: string) => parseMounts(text).map(({ mountpoint }) => mountpoint);

test('everything about one filesystem', async () => {
  const lines = await read(filesystem, mounts('/dev/vda / ext4 ro,relatime 0 0'), { filesystems: { '/': use } });
  const labels = '{device="/dev/vda",fstype="ext4",mountpoint="/"}';
  expect(lines).toEqual([
    `node_filesystem_size_bytes${labels} 409600`,
    `node_filesystem_free_bytes${labels} 204800`,
    `node_filesystem_avail_bytes${labels} 163840`,
    `node_filesystem_files${labels} 10`,
    `node_filesystem_files_free${labels} 7`,
    `node_filesystem_readonly${labels} 1`,
    `node_filesystem_device_error${labels} 0`,
  ]);
});

test.each<{ given: string; error: Error | typeof hangs; gives: string }>([
  { given: 'never answers', error: hangs, gives: 'mountpoint timeout' },
  { given: 'was not asked', error: fileError('EAGAIN'), gives: 'not asked' },
  { given: 'is forbidden', error: fileError('EACCES'), gives: 'permission denied' },
  { given: 'went stale', error: fileError('ESTALE'), gives: 'stale file handle' },
  { given: 'breaks in some other way', error: fileError('EWHATEVER'), gives: 'unreadable' },
])('a mount that $given has an error and no sizes; the others keep theirs', async ({ error, gives }) => {
  const files = mounts('/dev/vda / ext4 rw 0 0', 'nas:/x /nas nfs4 rw 0 0');
  const lines = await read(filesystem, files, { filesystems: { '/': use, '/nas': error } });
  expect(lines.filter((line) => line.includes('/nas'))).toEqual([
    `node_filesystem_device_error{device="nas:/x",fstype="nfs4",mountpoint="/nas",device_error="${gives}"} 1`,
  ]);
  expect(lines.filter((line) => line.includes('mountpoint="/"'))).toHaveLength(7);
});

test.each([
  {
    given: 'the kernel’s own',
    text: 'proc /proc proc rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\ncgroup2 /x cgroup2 rw 0 0',
    gives: [],
  },
  { given: 'layers of containers', text: 'overlay /var/lib/docker/overlay2/a/merged overlay rw 0 0', gives: [] },
  { given: 'credentials of services', text: 'tmpfs /run/credentials/a.service tmpfs ro 0 0', gives: [] },
  {
    given: 'data disks',
    text: '/dev/sdb1 /mnt/data xfs rw 0 0\n/dev/sdc1 /media/usb vfat rw 0 0',
    gives: ['/mnt/data', '/media/usb'],
  },
  {
    given: 'memory that people use',
    text: 'tmpfs /tmp tmpfs rw 0 0\ntmpfs /run tmpfs rw 0 0',
    gives: ['/tmp', '/run'],
  },
  { given: 'a name with a blank and a backslash', text: '/dev/sdb /a\\040b\\134c ext4 rw 0 0', gives: ['/a b\\c'] },
  { given: 'a place mounted twice', text: 'tmpfs /tmp tmpfs rw 0 0\n/dev/sdb /tmp ext4 rw 0 0', gives: ['/tmp'] },
  {
    given: 'a place covered by what is left out',
    text: '/dev/sdb /a ext4 rw 0 0\noverlay /a overlay rw 0 0',
    gives: [],
  },
])('$given → $gives', ({ text, gives }) => {
  expect(places(text)).toEqual(gives);
});

test('of two filesystems on one place the last is the one that is seen', () => {
  expect(parseMounts('tmpfs /tmp tmpfs rw 0 0\n/dev/sdb /tmp ext4 rw 0 0')[0]?.device).toBe('/dev/sdb');
});

test('mounts of the first process come before those of the collector', async () => {
  const files = { '/proc/mounts': '/dev/vdb / ext4 rw 0 0\n' };
  expect(await read(filesystem, files, { filesystems: { '/': use } })).toHaveLength(7);
});
