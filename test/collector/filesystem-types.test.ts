// What hangs on a server or a program is not local, whatever it is called.
import { expect, test } from 'vitest';
import { isLocal } from '../../collector/filesystem-types.ts';

test.each([
  ...['ext4', 'xfs', 'btrfs', 'zfs', 'tmpfs', 'vfat', 'overlay'].map((fstype) => ({ fstype, local: true })),
  ...['nfs', 'nfs4', 'cifs', 'fuse.sshfs', 'ceph', '9p', 'new'].map((fstype) => ({ fstype, local: false })),
])('$fstype: $local', ({ fstype, local }) => expect(isLocal(fstype)).toBe(local));
