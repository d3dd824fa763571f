// Removed and silenced records are found; reading logs, rotating them and clearing caches is not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'rm -f /root/.bash_history',
  '> ~/.zsh_history',
  'cat /dev/null > /home/ana/.bash_history',
  'ln -sf /dev/null ~/.bash_history',
  'export HISTFILE=/dev/null; id',
  'unset HISTFILE; curl http://10.9.8.7',
  'history -c && history -w',
  'set +o history; HISTSIZE=0',
  'shred -zu /var/log/auth.log',
  'echo > /var/log/wtmp',
  'truncate -s 0 /var/log/btmp',
  'rm -rf /var/log/*',
  'find /var/log -type f -exec truncate -s 0 {} \\;',
  'journalctl --rotate; journalctl --vacuum-time=1s',
  "sed -i '/10.9.8.7/d' /var/log/auth.log",
  'touch -r /bin/ls /usr/bin/u',
  'systemctl stop rsyslog',
  'service auditd stop',
  'pkill -9 rsyslogd',
  "sed -i 's/^/#/' /etc/rsyslog.conf",
  'echo x > /etc/audit/auditd.conf',
  'truncate -s 0 /var/lib/docker/containers/a/a-json.log',
  'rm -rf /var/spool/mail/*',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('rm -f /root/.bash_history').category).toBe('system_modification');
});

test.each([
  'tail -f /var/log/syslog',
  'history | tail',
  'rm -f /var/log/nginx/access.log.1.gz',
  'journalctl -u nginx --since today',
  'journalctl --vacuum-size=500M',
  'touch file.txt',
  'logrotate -f /etc/logrotate.conf',
  'systemctl restart rsyslog',
  'sed -n 1,5p /var/log/dpkg.log',
  'rm -rf /var/lib/apt/lists/*',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
