// What a container prints is shown, not obeyed: no colour, no control, no text that runs the other way.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPlain } from '../../../../web/server/logs/plain.ts';

test.each([
  { given: 'plain text', text: 'GET / 200', plain: 'GET / 200' },
  { given: 'a tab and letters of any language', text: 'a\tüß 漢字 😀', plain: 'a\tüß 漢字 😀' },
  { given: 'colours', text: '\u001b[31;1merror\u001b[0m: no', plain: 'error: no' },
  { given: 'a moving cursor', text: 'a\u001b[2K\u001b[1Gb', plain: 'ab' },
  { given: 'a title', text: '\u001b]0;owned\u0007x', plain: 'x' },
  { given: 'a link', text: '\u001b]8;;http://x\u001b\\here\u001b]8;;\u001b\\', plain: 'here' },
  { given: 'colours of eight bits', text: '\u009b31mx', plain: 'x' },
  { given: 'an escape at the end', text: 'x\u001b', plain: 'x' },
  { given: 'a carriage return at the end', text: 'x\r', plain: 'x' },
  { given: 'a carriage return within', text: 'a\rb', plain: 'a\\u000db' },
  { given: 'a NUL', text: 'a\u0000b', plain: 'a\\u0000b' },
  { given: 'text turned round', text: 'exe.\u202etxt', plain: 'exe.\\u202etxt' },
  { given: 'a line separator', text: 'a\u2028b', plain: 'a\\u2028b' },
])('$given', ({ text, plain }) => expect(toPlain(text)).toBe(plain));

test('nothing that a terminal or a browser obeys is left, and it takes no time to speak of', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('\u001b', '[', ']', '3', ';', 'm', '\u0007', '\\', '\r', '\u202e', '\u009b', 'x', 'P'),
    maxLength: 200,
  });
  fc.assert(
    fc.property(nasty, (text) => {
      expect(toPlain(text)).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/);
    }),
    { numRuns: 2_000 },
  );
  const started = performance.now();
  for (const unit of ['\u001b[', '\u001b]', '\u001b', '\u001b[3;', '\r']) toPlain(unit.repeat(32_768));
  expect(performance.now() - started).toBeLessThan(2_000);
});
