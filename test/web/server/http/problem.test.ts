// Every kind of failure as the problem that a caller sees.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { problem } from '../../../../core/contracts/api.ts';
import { AuditUnavailable } from '../../../../web/server/audit/unavailable.ts';
import { BadInput, toFailure } from '../../../../web/server/http/problem.ts';
import { UserError } from '../../../../web/server/user-error.ts';

const zodError = z.strictObject({ a: z.number() }).safeParse({ b: 1 }).error!;

test.each([
  { error: new UserError(409, 'taken', 'Choose another.', 3), status: 409, retry: 3 },
  { error: new BadInput('body', zodError), status: 422, retry: undefined },
  { error: new AuditUnavailable('full'), status: 507, retry: 5 },
  { error: new AuditUnavailable('broken'), status: 503, retry: 5 },
  { error: Object.assign(new Error('database or disk is full'), { errcode: 13 }), status: 507, retry: 5 },
  { error: { type: 'entity.too.large', status: 413 }, status: 413, retry: undefined },
  { error: { type: 'entity.parse.failed', status: 400 }, status: 400, retry: undefined },
  { error: { type: 'other', status: 400 }, status: 400, retry: undefined },
  { error: new Error('disk at /srv'), status: 500, retry: undefined },
  { error: 'thrown text', status: 500, retry: undefined },
])('$status', ({ error, status, retry }) => {
  const failure = toFailure(error, 'r1');
  expect(problem.parse(failure.problem)).toMatchObject({ status, requestId: 'r1' });
  expect(failure.retryAfterSeconds).toBe(retry);
  expect(JSON.stringify(failure)).not.toContain('/srv');
});

test('bad input says where', () => {
  const paths = toFailure(new BadInput('body', zodError), 'r').problem.errors!.map(({ path }) => path);
  expect(paths).toContain('body.a');
});
