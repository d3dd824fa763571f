// The gate of every call, rule by rule.
import { expect, test } from 'vitest';
import { refuseCrossSite, refuseForged, refuseStale, refuseUnentitled } from '../../../../web/server/http/guard.ts';
import type { Identity } from '../../../../web/server/identity.ts';

const none = { host: 'h:1', origin: undefined, fetchSite: undefined, csrf: undefined };
const signedIn: Identity = {
  person: 'p',
  name: 'n',
  grants: [{ environment: '*', role: 'developer' }],
  use: { kind: 'session', id: 's', csrf: 'c', confirmed: 0 },
  hasSecondFactor: false,
  lacksSecondFactor: false,
};
const token: Identity = { ...signedIn, use: { kind: 'token', id: 't', permissions: ['watch:read'], environment: '*' } };
const same = (a: string, b: string) => a === b;

test.each([
  { headers: { ...none, origin: 'http://h:1' }, refused: false },
  { headers: { ...none, origin: 'https://h:1' }, refused: true },
  { headers: { ...none, origin: 'http://h:2' }, refused: true },
  { headers: { ...none, fetchSite: 'same-origin' }, refused: false },
  { headers: { ...none, fetchSite: 'cross-site' }, refused: true },
  { headers: none, refused: false },
])('a change with $headers is refused: $refused', ({ headers, refused }) => {
  const act = () => refuseCrossSite('post', headers, 'http');
  if (refused) expect(act).toThrow('pages of this server');
  else expect(act).not.toThrow();
  expect(() => refuseCrossSite('get', headers, 'http')).not.toThrow();
});

test.each([
  { access: 'public', identity: undefined, status: undefined },
  { access: 'session', identity: undefined, status: 401 },
  { access: 'session', identity: token, status: 403 },
  { access: 'identity', identity: token, status: undefined },
  { access: 'watch:read', identity: token, status: undefined },
  { access: 'anomaly:judge', identity: token, status: 403 },
  { access: 'anomaly:judge', identity: signedIn, status: undefined },
  { access: 'audit:read', identity: signedIn, status: 403 },
  { access: 'watch:read', identity: { ...signedIn, lacksSecondFactor: true }, status: 403 },
] as const)('$access for $identity.use.kind → $status', ({ access, identity, status }) => {
  const act = () => refuseUnentitled({ access }, identity, undefined);
  if (status === undefined) expect(act).not.toThrow();
  else expect(act).toThrow(expect.objectContaining({ status }));
});

test('only a session needs the CSRF value, and only for changes', () => {
  expect(() => refuseForged('post', signedIn, 'x', same)).toThrow('x-csrf-token');
  expect(() => refuseForged('post', signedIn, undefined, same)).toThrow();
  expect(() => refuseForged('post', signedIn, 'c', same)).not.toThrow();
  expect(() => refuseForged('get', signedIn, undefined, same)).not.toThrow();
  expect(() => refuseForged('post', token, undefined, same)).not.toThrow();
});

test('what needs a fresh password gets none that is stale', () => {
  expect(() => refuseStale(true, false)).toThrow('password once more');
  expect(() => refuseStale(true, true)).not.toThrow();
  expect(() => refuseStale(undefined, false)).not.toThrow();
});
