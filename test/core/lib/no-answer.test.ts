// What went wrong between two processes, as a person reads it: never a raw body, never a stack of issues.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mayComeLater, NoAnswer, noAnswer, noSuccess, wordsOf } from '../../../core/lib/no-answer.ts';

test.each([
  { status: 503, body: '{}', says: 'is not ready (503)' },
  {
    status: 503,
    body: 'The collector has no snapshot yet.',
    says: 'is not ready (503): The collector has no snapshot yet.',
  },
  { status: 502, body: '<html><h1>Bad gateway</h1></html>', says: 'is not ready (502)' },
  { status: 401, body: '{"title":"Show the token.","status":401}', says: 'refuses us (401): Show the token.' },
  { status: 404, body: '', says: 'answered 404' },
  { status: 400, body: '"bad matcher"', says: 'answered 400: bad matcher' },
  {
    status: 422,
    body: '{"status":"error","errorType":"bad_data","error":"no such function"}',
    says: 'answered 422: no such function',
  },
  { status: 500, body: '{"stack":["at x"]}', says: 'answered 500' },
])('$status with $body $says', ({ status, body, says }) => {
  const error = noSuccess(status, body);
  expect([error.message, error.status]).toEqual([says, status]);
});

describe('a call that was rejected', () => {
  const refused = new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  });
  const shape = z.object({ a: z.string() }).safeParse({}).error;

  test.each([
    { given: 'nobody listens', cause: refused, says: 'does not answer (ECONNREFUSED)' },
    { given: 'fetch without a reason', cause: new TypeError('fetch failed'), says: 'does not answer' },
    { given: 'a deadline', cause: new DOMException('aborted', 'TimeoutError'), says: 'gave no answer in time' },
    { given: 'another shape', cause: shape, says: 'gave an answer of another shape' },
    { given: 'no JSON', cause: new SyntaxError('Unexpected token <'), says: 'gave an answer of another shape' },
    { given: 'anything else', cause: new Error('the answer is larger than 9 bytes'), says: 'larger than 9 bytes' },
  ])('$given', ({ cause, says }) => {
    const error = noAnswer(cause);
    expect(error.message).toContain(says);
    expect(error.message).not.toMatch(/[{}[\]]/);
    expect(error.cause).toBe(cause);
  });

  test('what is one already stays', () => {
    const error = noSuccess(503, '');
    expect(noAnswer(error)).toBe(error);
  });
});

test.each([
  { given: 'a start', error: noSuccess(503, ''), later: true },
  { given: 'silence', error: noAnswer(new TypeError('fetch failed')), later: true },
  { given: 'a refusal of what was asked', error: noSuccess(400, 'bad matcher'), later: false },
  { given: 'a fault over there', error: new NoAnswer('answered 500', { status: 500 }), later: false },
])('$given may come later: $later', ({ error, later }) => {
  expect(mayComeLater(error)).toBe(later);
});

test.each([
  ['{"a":', ''],
  ['[1,2]', ''],
  ['3 targets are gone', '3 targets are gone'],
  ['two\n lines', 'two lines'],
  ['x'.repeat(400), 'x'.repeat(300)],
  ['null', ''],
])('%j → %j', (body, words) => {
  expect(wordsOf(body)).toBe(words);
});
