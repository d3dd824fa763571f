// Export lines: read back exactly, refused in any other spelling.
import { expect, test } from 'vitest';
import { formatHeader, formatLine, parseHeader, parseLine } from '../../../../web/server/audit/export.ts';

const line = { seq: 7, leaf: 'ab'.repeat(32), record: '{"a":"}"}' };
const header = { origin: 'a.test/audit', size: 8, root: '0'.repeat(64), keyId: '01234567', since: 0, range: [] };

test('what is written is read back', () => {
  expect(parseLine(formatLine(line))).toEqual(line);
  expect(parseHeader(formatHeader(header))).toEqual(header);
});

test.each([
  { given: 'white space', text: formatLine(line).replace(':7', ': 7') },
  { given: 'an upper-case hash', text: formatLine({ ...line, leaf: 'AB'.repeat(32) }) },
  { given: 'a leading zero', text: formatLine(line).replace(':7', ':07') },
  { given: 'something behind', text: `${formatLine(line)} ` },
  { given: 'a missing brace', text: formatLine(line).slice(0, -2) },
])('a line with $given is refused', ({ text }) => {
  expect(parseLine(text)).toBeUndefined();
});

test.each([
  { given: 'white space', text: formatHeader(header).replace(':8', ': 8') },
  { given: 'an unknown member', text: formatHeader({ ...header, extra: 1 } as never) },
  { given: 'a key twice', text: formatHeader(header).replace('"size":8', '"size":9,"size":8') },
])('a header with $given is refused', ({ text }) => {
  expect(() => parseHeader(text)).toThrow();
});
