// A route as its slice declares it: who may call it, what it takes and gives, and how it is recorded.
import type { z } from 'zod';
import { type Permission, scopeOf } from '../../../core/contracts/access.ts';
import type { Json } from '../audit/canonical.ts';
import type { Identity } from '../identity.ts';

/** `public` is for strangers too, `session` for whoever is signed in, `identity` for API tokens as well, `detectors` and `alertmanager` for those processes of ours; else the permission that is needed. */
export type Access = 'public' | 'session' | 'identity' | 'detectors' | 'alertmanager' | Permission;

const notPermissions: readonly string[] = [
  'public',
  'session',
  'identity',
  'detectors',
  'alertmanager',
] satisfies Access[];

export function isPermission(access: Access): access is Permission {
  return !notPermissions.includes(access);
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a handler gets: everything checked already. */
export interface Call<P, Q, B, I, D = unknown> {
  identity: I;
  /** What the route's door proved. */
  proof: D;
  params: P;
  query: Q;
  body: B;
  source: string;
  agent: string;
  /** Where a reader of events was when it was cut off, in the stream's own words. */
  lastEventId: string | undefined;
  /** Of a stream of events: aborted when the reader is gone or may no longer have it; the reason is `gone` or `signed-out`. */
  signal: AbortSignal;
  /** Facts for the record's close, such as the number of a thing that was made. */
  record(detail: { readonly [name: string]: Json }): void;
  /** Cookies for the answer; an empty value takes the cookie away. */
  setCookie(name: CookieName, value: string, seconds: number): void;
  readCookie(name: CookieName): string | undefined;
}

export type CookieName = 'access' | 'refresh';

interface Act<P, Q, B> {
  /** What is done, `thing:verb`; also the record's action. */
  action: string;
  subject(params: P, body: B): string;
  /** What of the body and the query stands in the record: never a secret. */
  detail?(body: B, query: Q): { readonly [name: string]: Json };
  /** The person that the act is about, where it is not the caller. */
  about?(params: P): string;
}

interface Base<P, Q, B, A> {
  method: Method;
  /** Under the API's root, parameters as `:name`. */
  path: string;
  summary: string;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  answer?: z.ZodType<A>;
  status?: number;
  /** The parameter that names the environment concerned. */
  environment?: string;
  /** Needs a password shown within the last 10 minutes. */
  fresh?: boolean;
  /** May be called while a second factor is demanded and missing. */
  enrolling?: boolean;
  /** The answer holds a secret that is shown once: it is not kept for a repeated call. */
  secretAnswer?: boolean;
  act?: Act<P, Q, B>;
  /** Why a change is not recorded: the only way around `act`. */
  unrecorded?: string;
  /** The answer is a stream of lines of this media type instead of JSON. */
  lines?: 'application/jsonl' | 'text/plain';
  /** The answer is a stream of server-sent events, an AsyncIterable; the right to it is looked at again while it lasts. */
  events?: boolean;
}

interface PublicRoute<P, Q, B, A, D> extends Base<P, Q, B, A> {
  access: 'public';
  /**
   * Refuses strangers before a record of their try is opened: a few records tell of many such refusals.
   * What it proves, such as who they are, is given to `handle`.
   */
  door?(call: { body: B; source: string }): D | Promise<D>;
  handle(call: Call<P, Q, B, Identity | undefined, D>): A | Promise<A>;
}

interface GuardedRoute<P, Q, B, A> extends Base<P, Q, B, A> {
  access: Exclude<Access, 'public'>;
  handle(call: Call<P, Q, B, Identity>): A | Promise<A>;
}

/** A route whose types have served their purpose: the schemas stand guard at run time. */
export interface Route extends Base<unknown, unknown, unknown, unknown> {
  access: Access;
  door?(call: { body: unknown; source: string }): unknown;
  handle(call: Call<unknown, unknown, unknown, Identity | undefined>): unknown;
}

export function route<P, Q, B, A, D>(declared: PublicRoute<P, Q, B, A, D> | GuardedRoute<P, Q, B, A>): Route {
  return declared as unknown as Route;
}

/** What makes a table of routes unfit to be served; the server does not start with any of these. */
export function faultsOf(routes: readonly Route[]): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const one of routes) {
    const name = `${one.method.toUpperCase()} ${one.path}`;
    const fault = (text: string) => faults.push(`${name} ${text}`);
    if (seen.has(name)) fault('is declared twice');
    seen.add(name);
    if (one.access === undefined) fault('declares no permission');
    else if (isPermission(one.access)) {
      if (scopeOf(one.access) === 'environment' && one.environment === undefined)
        fault('needs a permission in an environment and does not say which parameter names it');
    }
    if (one.method === 'get' && one.body !== undefined) fault('takes a body with GET');
    if (one.method !== 'get' && one.act === undefined && one.unrecorded === undefined)
      fault('changes something and is not recorded');
    if (one.door !== undefined && one.act === undefined) fault('has a door and no record that it stands before');
    if (one.fresh && one.access === 'public') fault('cannot be both public and freshly confirmed');
    if (one.answer === undefined && one.lines === undefined && !one.events) fault('does not say what it answers');
    if (one.events && (one.method !== 'get' || one.act !== undefined)) fault('streams events and is no plain GET');
    const named = [...one.path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter!);
    if (named.length > 0 && one.params === undefined) fault('does not check its parameters');
    if (one.environment !== undefined && !named.includes(one.environment)) fault('lacks the parameter that it names');
  }
  return faults;
}
