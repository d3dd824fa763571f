// The two cookies of a session: out of scripts' reach, never sent along from other sites, bound to this very host over TLS.
import type { CookieName } from './route.ts';

/** `__Host-` makes browsers insist on Secure, on the path `/` and on no Domain; over plain loopback HTTP it cannot be used. */
export function cookieName(name: CookieName, tls: boolean): string {
  return `${tls ? '__Host-' : ''}odyssey-${name}`;
}

/** The Set-Cookie line; an empty value takes the cookie away. */
export function formatCookie(name: CookieName, value: string, seconds: number, tls: boolean): string {
  const age = value === '' ? 0 : seconds;
  return `${cookieName(name, tls)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${tls ? '; Secure' : ''}`;
}

/** The cookie's value in a Cookie header; undefined when it is absent or stands there twice. */
export function findCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return values.length === 1 ? values[0]!.slice(name.length + 1) : undefined;
}
