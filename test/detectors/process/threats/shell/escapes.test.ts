// Text in another alphabet is undone; what is no text stays as it is.
import { expect, test } from 'vitest';
import { undoBase64, undoEscapes } from '../../../../../detectors/process/threats/shell/escapes.ts';

test.each([
  { given: '\\x2fbin\\057sh\\n', gives: '/bin/sh\n' },
  { given: 'plain', gives: 'plain' },
  { given: '\\q', gives: 'q' },
])('$given', ({ given, gives }) => {
  expect(undoEscapes(given)).toBe(gives);
});

test.each([
  { given: 'aWQgLXU=', gives: 'id -u' },
  { given: 'bHMgL3RtcAo=', gives: 'ls /tmp\n' },
  { given: 'abc', gives: undefined },
  { given: 'not base64!', gives: undefined },
  { given: '/////////w==', gives: undefined },
])('$given', ({ given, gives }) => {
  expect(undoBase64(given)).toBe(gives);
});
