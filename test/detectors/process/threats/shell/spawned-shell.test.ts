// A shell that a text would start is told from a shell that is a setting, a pattern, a first line, or runs a script.
import { expect, test } from 'vitest';
import { command } from '../../../../../detectors/process/threats/shell/command.ts';
import { shellAsWord, shellInText } from '../../../../../detectors/process/threats/shell/spawned-shell.ts';

test.each([
  { text: 'os.execute("/bin/sh")', gives: 'bare' },
  { text: 'exec /bin/bash -p', gives: 'privileged' },
  { text: ';/bin/sh 0<&2 1>&2', gives: 'wired' },
  { text: ':!sh', gives: 'bare' },
  { text: '/bin/sh <$(tty) >$(tty)', gives: 'wired' },
  { text: '-H/bin/sh #', gives: 'bare' },
  { text: '#!/bin/sh', gives: undefined },
  { text: 'SHELL=/bin/bash', gives: undefined },
  { text: '/bin/sh script.sh', gives: undefined },
  { text: '/bin/sh -c "make all"', gives: undefined },
  { text: '/usr/bin/shred', gives: undefined },
  { text: '\\/bin\\/bash', gives: undefined },
])('$text', ({ text, gives }) => {
  expect(shellInText(text)).toBe(gives);
});

test.each([
  { words: ['flock', '/', '/bin/sh'], gives: 'bare' },
  { words: ['flock', '/', '/bin/sh', '-p'], gives: 'privileged' },
  { words: ['flock', '/', '/bin/sh', 'x.sh'], gives: undefined },
  { words: ['flock', '/', 'bash'], gives: undefined },
  { words: ['x', '--shell', '/bin/sh'], gives: undefined },
])('$words', ({ words, gives }) => {
  expect(shellAsWord(command(words), true)).toBe(gives);
});

test('plain words count where they are asked for', () => {
  expect(shellAsWord(command(['flock', '/', 'bash']), false)).toBe('bare');
});
