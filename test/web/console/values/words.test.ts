// Words of a command: parted as a shell would, and put together so that the same words come back.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinWords, splitWords } from '../../../../web/console/values/words.ts';

test.each([
  ['curl -f http://localhost/healthz', ['curl', '-f', 'http://localhost/healthz']],
  ['sh -c "exit 0; echo \\"done\\""', ['sh', '-c', 'exit 0; echo "done"']],
  ["echo 'a b'c", ['echo', 'a bc']],
  ['  a   ""  ', ['a', '']],
  ['', []],
])('%s', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test('a quote that is never closed is no command', () => {
  expect(splitWords('sh -c "exit 0')).toBeUndefined();
});

test('whatever the words, they come back as they were', () => {
  const whole = (words: string[]) => {
    expect(splitWords(joinWords(words))).toEqual(words);
  };
  fc.assert(fc.property(fc.array(fc.string()), whole));
});
