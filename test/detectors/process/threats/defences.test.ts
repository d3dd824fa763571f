// Protections that are turned off are found; looking at them and adding rules is not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'ufw disable',
  'systemctl disable --now firewalld',
  'iptables -P INPUT ACCEPT; iptables -F',
  'iptables -D INPUT -s 10.0.0.0/8 -j DROP',
  'nft flush ruleset',
  'setenforce 0',
  "sed -i 's/SELINUX=enforcing/SELINUX=disabled/' /etc/selinux/config",
  'auditctl -D',
  'auditctl -e 0',
  'systemctl stop falcon-sensor',
  'pkill -f wazuh-agent',
  'apt-get remove -y clamav',
  'rpm -e falcon-sensor',
  'sysctl -w kernel.randomize_va_space=0',
  'echo 0 > /proc/sys/kernel/randomize_va_space',
  'mount --bind /tmp/e /proc/4242',
  'chattr +i /etc/cron.d/u',
  "echo 'PermitRootLogin yes' >> /etc/ssh/sshd_config",
  "echo '0.0.0.0 update.example-security.com' >> /etc/hosts",
  'systemctl mask apparmor',
  'chmod -R 777 /etc',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('ufw disable').category).toBe('system_modification');
});

test.each([
  'ufw status verbose',
  'ufw allow 443/tcp',
  'iptables -L -n',
  'iptables -A INPUT -p tcp --dport 22 -j ACCEPT',
  'systemctl restart firewalld',
  'getenforce',
  'auditctl -l',
  'systemctl status falcon-sensor',
  'sysctl -w vm.swappiness=10',
  'mount --bind /srv/data /mnt/data',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
