// The questions of the rules: letters given, files written, text written, pipes followed.
import { expect, test } from 'vitest';
import * as look from '../../../../../detectors/process/threats/shell/look.ts';
import { parseScript } from '../../../../../detectors/process/threats/shell/parse.ts';
import { unwrap } from '../../../../../detectors/process/threats/shell/unwrap.ts';

const last = (text: string) => unwrap(parseScript(text)).at(-1)!;

test.each([
  { text: 'echo x > /a 2>> /b', gives: ['/a', '/b'] },
  { text: 'echo x | tee -a /a /b', gives: ['/a', '/b'] },
  { text: 'cp /x /a', gives: ['/a'] },
  { text: 'dd if=/x of=/a', gives: ['/a'] },
  { text: 'sed -i s/x/y/ /a', gives: ['s/x/y/', '/a'] },
  { text: 'sed s/x/y/ /a', gives: [] },
  { text: 'wget -O /a http://h', gives: ['/a'] },
  { text: 'cat < /a', gives: [] },
])('$text writes $gives', ({ text, gives }) => {
  expect(look.destinations(last(text))).toEqual(gives);
  expect(look.writes(last(text), /^\/a$/)).toBe(gives.includes('/a'));
});

test('letters are gathered over clusters, not over long options', () => {
  expect(look.hasLetters(last('nc -lv -n -p 1'), 'lvnp')).toBe(true);
  expect(look.hasLetters(last('nc --listen'), 'l')).toBe(false);
});

test('written text is what echo, a pipe or a here-document brings', () => {
  expect(look.writtenText(last('echo hello | tee /a'))).toContain('hello');
  expect(look.writtenText(last('cat <<E > /a\nhello\nE'))).toContain('hello');
});

test('a pipe is followed back to its start', () => {
  expect(look.pipeline(last('a | b | c')).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  expect(look.isFed(last('tar c / | gzip | nc h 1'))).toBe(true);
  expect(look.isFed(last('nc h 1 < /dev/null'))).toBe(false);
});

test('elevation, names and arguments', () => {
  expect(look.isElevated(last('sudo timeout 5 id'))).toBe(true);
  expect(look.isElevated(last('timeout 5 id'))).toBe(false);
  expect(look.isShell(last('bash x'))).toBe(true);
  expect(look.named(last('nc h 1'), new Set(['nc']))).toBe(true);
  expect(look.anyArg(last('ls -l /a'), /^\/a/)).toBe(true);
});
