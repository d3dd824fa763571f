// Damage to disks and trees, and files encrypted for ransom, are found; making file systems and backups is not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'rm -rf --no-preserve-root /',
  'rm -rf /etc',
  'dd if=/dev/urandom of=/var/log/syslog bs=1M count=10',
  'find /home -type f -exec shred -u {} \\;',
  'find /srv -type f -exec gpg --batch --passphrase x -c {} \\; -delete',
  'for f in /srv/*; do openssl enc -aes-256-cbc -k x -in $f -out $f.enc; rm $f; done',
  'echo x | gpg --batch --yes --passphrase-fd 0 -o /srv/a.gpg -c /srv/a',
  'g=$(which gpg); echo x | $g --batch --passphrase-fd 0 -c /srv/a',
  'cat /dev/zero > /dev/sda',
  'echo c > /proc/sysrq-trigger',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('rm -rf --no-preserve-root /').category).toBe('system_modification');
});

test.each([
  'rm -rf node_modules',
  'rm -rf /var/lib/apt/lists/*',
  'dd if=/dev/zero of=/swapfile bs=1M count=1024',
  'dd if=debian.iso of=/dev/sdX bs=4M',
  'mkfs.ext4 /dev/sdb1',
  'gpg --symmetric notes.txt',
  'gpg -d notes.gpg',
  'openssl enc -d -aes-256-cbc -in a -out b',
  '7z a archive.7z docs',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
