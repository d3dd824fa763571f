// A user error carries its status, its kind and when to try again.
import { expect, test } from 'vitest';
import { UserError } from '../../../web/server/user-error.ts';

test('everything that is given is kept', () => {
  const error = new UserError(429, 'too-many', 'Wait a little.', 5);
  expect(error).toMatchObject({ status: 429, kind: 'too-many', message: 'Wait a little.', retryAfterSeconds: 5 });
  expect(error).toBeInstanceOf(Error);
  expect(new UserError(409, 'k', 'm').retryAfterSeconds).toBeUndefined();
});
