// The request log: frames that are cut anywhere, lines that say what they should, and nonsense that is dropped and counted.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameReader, parseLogLine } from '../../../../web/server/ingress/request-log.ts';
import { fuzzRuns } from '../../../fuzz.ts';

const line = 'r shop r12 200 15 14 107 s1 ---- 0';
const request = { deployment: 'shop', revision: 'r12', status: 200, milliseconds: 15, retries: 0 };

describe('a line', () => {
  test.each([
    { line, request },
    { line: `${line}\n`, request },
    { line: 'r shop r12 -1 9999 -1 0 s1 CH-- 0', request: { ...request, status: -1, milliseconds: 9_999 } },
    {
      line: 'r a-b r1 503 1 -1 107 <NOSRV> SC-- +3',
      request: { deployment: 'a-b', revision: 'r1', status: 503, milliseconds: 1, retries: 3 },
    },
  ])('$line is a request', ({ line: text, request: expected }) => {
    expect(parseLogLine(text)).toEqual({ kind: 'request', request: expected });
  });

  test.each(['r - - 404 0 -1 0 <NOSRV> LR-- 0', 'r shop - 503 0 -1 107 <NOSRV> SC-- 0'])(
    '%s is of no revision',
    (text) => {
      expect(parseLogLine(text)).toEqual({ kind: 'unrouted' });
    },
  );

  test.each([
    ...['', 'r', 'x shop r12 200 15 14 107 s1 ---- 0', 'r shop r12 200 15 14 107 s1 ----', `${line} more`],
    ...[
      'r shop r12 abc 15 14 107 s1 ---- 0',
      'r shop r12 200 1.5 14 107 s1 ---- 0',
      'r shop r12 999 15 14 107 s1 ---- 0',
    ],
    ...[
      'r SHOP r12 200 15 14 107 s1 ---- 0',
      'r shop latest 200 15 14 107 s1 ---- 0',
      'r shop r12 200 -2 14 107 s1 ---- 0',
    ],
  ])('%j is malformed', (text) => {
    expect(parseLogLine(text)).toEqual({ kind: 'malformed' });
  });
});

describe('frames', () => {
  const read = (chunks: readonly string[]) => {
    const lines: string[] = [];
    const reader = createFrameReader((one) => lines.push(one));
    return { whole: chunks.every((chunk) => reader(chunk)), lines };
  };
  const frame = (text: string) => `${text.length} ${text}`;

  test('come whole however they are cut', () => {
    const lines = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' }), { maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.integer({ min: 1, max: 30 })), (sent, cuts) => {
        let text = sent.map(frame).join('');
        const chunks: string[] = [];
        for (const size of cuts) {
          if (text === '') break;
          chunks.push(text.slice(0, size));
          text = text.slice(size);
        }
        expect(read(chunks)).toEqual({ whole: true, lines: sent });
      }),
      { numRuns: fuzzRuns },
    );
  });

  test.each(['hello world', '0 ', '-1 a', '99999 a', ' a', '4097 a', 'x'.repeat(5_000), '1'.repeat(5_000)])(
    '%j is no such stream',
    (text) => {
      expect(read([frame(line), text])).toEqual({ whole: false, lines: [line] });
    },
  );
});
