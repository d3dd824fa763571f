// The passwords that attackers try first are known, in any case; good ones are not.
import { expect, test } from 'vitest';
import { isCommonPassword } from '../../../../web/server/people/common-passwords.ts';

test.each(['password', 'Password', '12345678', 'iloveyou', 'baseball', 'trustno1'])('%s is known', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test.each(['correct horse battery staple', 'vZ8#kd02-qq', ''])('%j is not', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});
