// A command knows its assignments, its program and a plain name under which rules find it.
import { expect, test } from 'vitest';
import { command, plainName } from '../../../../../detectors/process/threats/shell/command.ts';

test.each([
  { program: '/usr/bin/python3.11', name: 'python' },
  { program: 'perl5.36', name: 'perl' },
  { program: 'nc.traditional', name: 'nc' },
  { program: 'vim.basic', name: 'vim' },
  { program: './Run.SH', name: 'run.sh' },
  { program: 'iptables-legacy', name: 'iptables' },
  { program: '', name: '' },
])('$program is $name', ({ program, name }) => {
  expect(plainName(program)).toBe(name);
});

test('assignments before the program are not the program', () => {
  expect(command(['A=1', 'B=2', '/bin/ls', '-l', 'C=3'])).toMatchObject({
    program: '/bin/ls',
    name: 'ls',
    args: ['-l', 'C=3'],
    joined: '-l C=3',
    assignments: ['A=1', 'B=2'],
  });
});

test('very long arguments keep their beginning and their end', () => {
  const { joined } = command(['x', `first${'a'.repeat(100_000)}last`]);
  expect(joined.length).toBeLessThan(20_000);
  expect(joined.startsWith('first')).toBe(true);
  expect(joined.endsWith('last')).toBe(true);
});
