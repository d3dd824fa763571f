// What runners, shells and decoders really start is found, with the chain of programs it runs under.
import { expect, test } from 'vitest';
import { parseScript } from '../../../../../detectors/process/threats/shell/parse.ts';
import { unwrap } from '../../../../../detectors/process/threats/shell/unwrap.ts';

const innermost = (text: string): string => {
  const last = unwrap(parseScript(text)).at(-1);
  return [...(last?.under ?? []), '>', last?.program, ...(last?.args ?? [])].join(' ');
};

test.each([
  { text: 'sudo -u root id', gives: 'sudo > id' },
  { text: 'sudo -E env A=1 nohup timeout -k 5 10 id -u', gives: 'sudo env nohup timeout > id -u' },
  { text: "sh -c 'id -u'", gives: 'sh > id -u' },
  { text: `bash -lc "sh -c 'id'"`, gives: 'bash sh > id' },
  { text: 'find / -name x -exec cat {} \\;', gives: 'find > cat {} ;' },
  { text: 'xargs -n 1 -I {} rm {}', gives: 'xargs > rm {}' },
  { text: 'busybox nc -l', gives: 'busybox > nc -l' },
  { text: "eval 'id -u'", gives: 'eval > id -u' },
  { text: "su - root -c 'id -u'", gives: 'su > id -u' },
  { text: "echo 'id -u' | sh", gives: 'sh > id -u' },
  { text: 'echo aWQgLXU= | base64 -d | bash', gives: 'bash > id -u' },
  { text: "bash <<< 'id -u'", gives: 'bash > id -u' },
  { text: "ssh -p 2222 host 'id -u'", gives: 'ssh sh > id -u' },
  { text: 'runuser -u www -- id', gives: 'runuser > id' },
  { text: 'python3 -c \'import os; os.system("id -u")\'', gives: 'python > id -u' },
])('$text', ({ text, gives }) => {
  expect(innermost(text)).toBe(gives);
});

test('nesting ends at a bound', () => {
  expect(unwrap(parseScript('sudo '.repeat(10_000))).length).toBeLessThan(20);
});
