// Which filesystems answer from this machine alone, so that asking them cannot hang on somebody else's.

/** All others (nfs, cifs, fuse, ceph, 9p …) wait for a server or a program, and may wait for ever. */
const localTypes = new Set(
  ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'bcachefs', 'f2fs', 'jfs', 'reiserfs', 'zfs', 'tmpfs', 'ramfs', 'rootfs']
    .concat(['overlay', 'aufs', 'vfat', 'msdos', 'exfat', 'ntfs3', 'hfsplus', 'ubifs', 'efivarfs', 'udf'])
    .concat(['iso9660', 'squashfs', 'erofs']),
);

export function isLocal(fstype: string): boolean {
  return localTypes.has(fstype);
}
