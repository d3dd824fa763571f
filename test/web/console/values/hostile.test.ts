// Names and lines that others wrote: nothing in them turns direction, hides, colours or runs on for ever.
import { expect, test } from 'vitest';
import { harmless, harmlessLine } from '../../../../web/console/values/hostile.ts';

test.each([
  { given: 'an ordinary name', text: 'api-7', says: 'api-7' },
  { given: 'letters of the world', text: 'größe-数据-مرحبا', says: 'größe-数据-مرحبا' },
  { given: 'HTML, which is only text', text: '<img src=x onerror=alert(1)>', says: '<img src=x onerror=alert(1)>' },
  { given: 'a right-to-left override', text: 'gpj\u202eexe', says: 'gpj�exe' },
  { given: 'zero width characters', text: 'a\u200bp\u2060i\ufeff', says: 'a�p�i�' },
  { given: 'line breaks and escapes', text: 'a\r\n\u001b[31mb', says: 'a␍␊␛[31mb' },
  { given: 'half a character', text: 'a\ud800b', says: 'a�b' },
])('$given', ({ text, says }) => {
  expect(harmless(text)).toBe(says);
});

test('64 KiB are cut', () => {
  expect(harmless('x'.repeat(65_536))).toHaveLength(513);
  expect(harmless('x'.repeat(20), 10)).toBe('xxxxxxxxxx…');
});

test('a log line loses colours, keeps tabs as spaces, and stays one line', () => {
  expect(harmlessLine('\u001b[1;31mred\u001b[0m\tend\nnext', 100)).toBe('red    end␊next');
});
