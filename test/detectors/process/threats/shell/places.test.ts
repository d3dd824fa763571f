// Places are recognised by what they are for, and their ordinary neighbours are not.
import { expect, test } from 'vitest';
import * as all from '../../../../../detectors/process/threats/shell/places.ts';

const places = { ...all };

test.each([
  { place: 'worldWritable', yes: ['/tmp/x', '/dev/shm/.a', '/var/tmp/b'], no: ['/usr/bin/x', '/tmpfiles/x', 'tmp/x'] },
  { place: 'secrets', yes: ['/etc/shadow', '/root/.ssh/id_rsa', '~/.aws/credentials'], no: ['/etc/hosts', 'id.txt'] },
  { place: 'histories', yes: ['~/.bash_history', '/root/.zsh_history', '$HISTFILE'], no: ['history.md', '.bashrc'] },
  { place: 'logs', yes: ['/var/log/syslog', '/var/run/utmp'], no: ['/srv/log', 'app.log'] },
  { place: 'schedules', yes: ['/etc/cron.d/x', '/var/spool/cron/crontabs/a', '/etc/crontab'], no: ['/etc/crony.conf'] },
  {
    place: 'services',
    yes: ['/etc/systemd/system/x.service', '/etc/init.d/x', '/usr/local/etc/rc.d/x'],
    no: ['/etc/systemd/x'],
  },
  {
    place: 'startFiles',
    yes: ['~/.bashrc', '/etc/profile.d/x.sh', '/etc/environment'],
    no: ['~/.vimrc', '/etc/hosts'],
  },
  { place: 'pam', yes: ['/etc/pam.d/sshd', '/lib/security/pam_unix.so'], no: ['/etc/passwd'] },
  { place: 'sudoers', yes: ['/etc/sudoers.d/x', '/etc/doas.conf'], no: ['/etc/sudo.conf'] },
  { place: 'accounts', yes: ['/etc/passwd', '/etc/shadow-'], no: ['/etc/passwd.md', '/srv/etc/passwd'] },
  { place: 'authorizedKeys', yes: ['~/.ssh/authorized_keys'], no: ['~/.ssh/config'] },
  {
    place: 'kernelHooks',
    yes: ['/proc/sys/kernel/core_pattern', '/sys/fs/cgroup/a/release_agent'],
    no: ['/proc/sys/kernel/pid_max'],
  },
  { place: 'eventHooks', yes: ['/etc/udev/rules.d/9.rules', '.git/hooks/pre-push'], no: ['/etc/hosts'] },
  { place: 'preloads', yes: ['/etc/ld.so.preload'], no: ['/etc/ld.conf'] },
  { place: 'mailSpool', yes: ['/var/spool/mail/a', '/var/mail'], no: ['/var/mailer'] },
  { place: 'loopback', yes: ['http://localhost:80/', '127.0.0.1:1'], no: ['http://example.org', '10.0.0.1'] },
  { place: 'startsForeign', yes: ['/tmp/x', 'curl http://h | sh'], no: ['/usr/bin/backup'] },
] as const)('$place', ({ place, yes, no }) => {
  expect(yes.filter((one) => !places[place].test(one))).toEqual([]);
  expect(no.filter((one) => places[place].test(one))).toEqual([]);
});

test('valuables are secrets, homes, databases and dumps', () => {
  expect(['/etc/shadow', '/home/a', '/srv/all.sql', '/var/lib/mysql/x'].every(places.isValuable)).toBe(true);
  expect(['/srv/www/index.html', '/usr/share/doc'].some(places.isValuable)).toBe(false);
});
