// Cookies: bound to the host over TLS, out of scripts' reach, read back only when there is exactly one.
import { expect, test } from 'vitest';
import { cookieName, findCookie, formatCookie } from '../../../../web/server/http/cookies.ts';

test('over TLS the name makes browsers insist on Secure, Path=/ and no Domain', () => {
  expect(cookieName('access', true)).toBe('__Host-odyssey-access');
  expect(formatCookie('refresh', 'v', 60, true)).toBe(
    '__Host-odyssey-refresh=v; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
  );
  expect(formatCookie('access', '', 60, false)).toBe('odyssey-access=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict');
});

test.each([
  { header: 'a=1; b=2=3', name: 'b', value: '2=3' },
  { header: 'ab=1', name: 'a', value: undefined },
  { header: 'a=1; a=2', name: 'a', value: undefined },
  { header: undefined, name: 'a', value: undefined },
])('$header has $name = $value', ({ header, name, value }) => {
  expect(findCookie(header, name)).toBe(value);
});
