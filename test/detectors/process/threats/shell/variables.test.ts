// A program that stands in a variable is named, where the same script sets the variable.
import { expect, test } from 'vitest';
import { parseScript } from '../../../../../detectors/process/threats/shell/parse.ts';
import { withVariables } from '../../../../../detectors/process/threats/shell/variables.ts';

const last = (text: string) => withVariables(parseScript(text)).at(-1);

test.each([
  { text: 'c=curl; $c -s http://h', program: 'curl', args: ['-s', 'http://h'] },
  { text: `a=cu; b=rl; \${a}$b x`, program: 'curl', args: ['x'] },
  { text: "c='curl -s'; $c x", program: 'curl', args: ['-s', 'x'] },
  { text: 'g=$(which gpg); $g -c x', program: 'gpg', args: ['-c', 'x'] },
  { text: '$unknown x', program: '$unknown', args: ['x'] },
])('$text', ({ text, program, args }) => {
  expect(last(text)).toMatchObject({ program, args });
});
