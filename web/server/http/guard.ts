// Decides whether a call may go on: same site, known caller, permission, second factor, fresh password, CSRF token.
import { holds, type Identity } from '../identity.ts';
import { UserError } from '../user-error.ts';
import { isPermission, type Route } from './route.ts';

export interface Headers {
  host: string | undefined;
  origin: string | undefined;
  fetchSite: string | undefined;
  csrf: string | undefined;
}

/** Refuses what another site set going. Browsers say so themselves; what is no browser has no cookies to abuse. */
export function refuseCrossSite(method: Route['method'], headers: Headers, scheme: 'http' | 'https'): void {
  const { origin, host, fetchSite } = headers;
  const foreign = fetchSite === 'cross-site' || fetchSite === 'same-site';
  const otherOrigin = origin !== undefined && origin !== `${scheme}://${host}`;
  if (method !== 'get' && (foreign || otherOrigin))
    throw new UserError(403, 'cross-site', 'Changes are only taken from pages of this server.');
}

/** Refuses a caller who may not; `environment` is the one concerned, as its parameter names it. */
export function refuseUnentitled(
  { access, enrolling }: Pick<Route, 'access' | 'enrolling'>,
  identity: Identity | undefined,
  environment: string | undefined,
): void {
  if (access === 'public') return;
  if (identity === undefined)
    throw new UserError(401, 'signed-out', 'Sign in, or send an API token as "Authorization: Bearer …".');
  if (identity.lacksSecondFactor && !enrolling)
    throw new UserError(
      403,
      'second-factor-missing',
      'Your role needs a second factor. Set it up under your name first.',
    );
  const { kind, id } = identity.use;
  if (kind === 'process' ? access === id : access === 'identity') return;
  if (kind === 'process' || !(access === 'session' || isPermission(access)))
    throw new UserError(403, 'not-allowed', 'This is not for you: processes and people have calls of their own.');
  if (access === 'session') {
    if (kind === 'session') return;
    throw new UserError(403, 'not-for-tokens', 'API tokens cannot do this. Sign in with name and password.');
  }
  if (!holds(identity, access, environment))
    throw new UserError(403, 'not-allowed', `This needs the permission ${access}. An admin can grant it to you.`);
}

/** Refuses a change made with a cookie that does not carry the session's CSRF token. */
export function refuseForged(
  method: Route['method'],
  identity: Identity | undefined,
  csrf: string | undefined,
  same: (a: string, b: string) => boolean,
): void {
  if (method === 'get' || identity?.use.kind !== 'session') return;
  if (csrf === undefined || !same(csrf, identity.use.csrf))
    throw new UserError(403, 'csrf', 'Send the csrf value of GET /api/v1/session as the header x-csrf-token.');
}

export function refuseStale(fresh: boolean | undefined, isFresh: boolean): void {
  if (fresh && !isFresh)
    throw new UserError(
      403,
      'confirm-first',
      'Show your password once more (POST /api/v1/session/confirm), then repeat this.',
    );
}
