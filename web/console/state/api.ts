// The one way to the server: deadlines, CSRF, refresh of the session, a fresh password where it is asked for, idempotency keys.
import { ApiError, readProblem, silenceError } from './api-error.ts';
import type { Ports } from './ports.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type QueryValue = string | number | boolean | undefined;

export interface CallOptions {
  body?: unknown;
  query?: Readonly<Record<string, QueryValue>>;
  /** One key for each intention: a form keeps it while the person tries again, so that nothing happens twice. */
  key?: string;
  signal?: AbortSignal;
  deadlineSeconds?: number;
}

export interface ApiHooks {
  /** The session is over and cannot be renewed. */
  onSignedOut(): void;
  /** The server sees another person in this session, or one who lacks a second factor by now: who it is must be asked anew. */
  onChanged(somebodyElse: boolean): void;
  /** The server wants the password once more; resolves to whether it was given. */
  onConfirm(): Promise<boolean>;
}

const root = '/api/v1';
const deadlineSecondsDefault = 15;

export class Api {
  private csrf: string | undefined;
  /** Whose session it was when the server last said so. */
  private person: string | undefined;
  private refreshing: Promise<boolean> | undefined;
  private readonly ports: Pick<Ports, 'fetch' | 'after' | 'randomKey' | 'alone'>;
  hooks: ApiHooks = { onSignedOut: () => {}, onChanged: () => {}, onConfirm: () => Promise.resolve(false) };

  constructor(ports: Pick<Ports, 'fetch' | 'after' | 'randomKey' | 'alone'>) {
    this.ports = ports;
  }

  /** `T` is what the contract says of the answer. Throws ApiError and nothing else. */
  get<T>(path: string, query: Readonly<Record<string, QueryValue>> = {}, signal?: AbortSignal): Promise<T> {
    return this.call<T>('GET', path, { query, ...(signal === undefined ? {} : { signal }) });
  }

  post<T>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>('POST', path, { key: this.ports.randomKey(), ...options, body });
  }

  put<T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>('PUT', path, { ...options, body });
  }

  patch<T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>('PATCH', path, { ...options, body });
  }

  delete<T>(path: string, options: CallOptions = {}): Promise<T> {
    return this.call<T>('DELETE', path, options);
  }

  async call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
    try {
      return await this.once<T>(method, path, options);
    } catch (error) {
      if (!(error instanceof ApiError) || !(await this.mend(error, path, method))) throw error;
      return this.once<T>(method, path, options);
    }
  }

  /** New cookies for a session that goes on; tabs take turns, because a refresh token may be used once. */
  refresh(): Promise<boolean> {
    this.refreshing ??= this.ports
      .alone('odyssey-refresh', (waited) => this.renew(waited))
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  private async mend(error: ApiError, path: string, method: Method): Promise<boolean> {
    if (error.kind === 'signed-out' && path !== '/session/refresh') {
      if (await this.refresh()) return true;
      this.hooks.onSignedOut();
    }
    if (error.kind === 'confirm-first' && path !== '/session/confirm') return this.hooks.onConfirm();
    if (error.kind === 'csrf' && method !== 'GET') return this.isStillIn('GET', '/session'); // another tab signed in anew
    if (error.kind === 'second-factor-missing') this.hooks.onChanged(false);
    return false;
  }

  private async renew(waited: boolean): Promise<boolean> {
    if (waited && (await this.isStillIn('GET', '/session'))) return true; // another tab was first
    return this.isStillIn('POST', '/session/refresh');
  }

  /** Whether the session goes on; throws where it is somebody else's by now: nothing is done in the name of another. */
  private async isStillIn(method: Method, path: string): Promise<boolean> {
    const before = this.person;
    try {
      await this.once(method, path, {});
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false;
      throw error;
    }
    if (before === undefined || this.person === before) return true;
    this.hooks.onChanged(true);
    throw silenceError('somebody-else');
  }

  private async once<T>(method: Method, path: string, options: CallOptions): Promise<T> {
    const { response, text } = await this.exchange(method, path, options);
    if (!response.ok) throw await readProblem(new Response(text, response));
    const type = response.headers.get('content-type') ?? '';
    if (!type.includes('json')) {
      if (type.startsWith('text/plain')) return text as T;
      throw silenceError('unreadable');
    }
    const answer = readJson(text);
    const { csrf, person } = (answer ?? {}) as { csrf?: unknown; person?: { id?: string } };
    if (typeof csrf === 'string') [this.csrf, this.person] = [csrf, person?.id];
    return answer as T;
  }

  private async exchange(method: Method, path: string, options: CallOptions) {
    const { body, key, signal, deadlineSeconds = deadlineSecondsDefault } = options;
    const late = new AbortController();
    const stop = this.ports.after(deadlineSeconds, () => late.abort());
    try {
      const response = await this.ports.fetch(`${root}${path}${formatQuery(options.query ?? {})}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'GET' || this.csrf === undefined ? {} : { 'x-csrf-token': this.csrf }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        credentials: 'same-origin',
        signal: signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
      });
      return { response, text: await response.text() };
    } catch {
      throw silenceError(late.signal.aborted ? 'late' : 'unreachable');
    } finally {
      stop();
    }
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw silenceError('unreadable');
  }
}

/** `?a=1&b=2`, without what is undefined; empty where nothing is left. */
export function formatQuery(query: Readonly<Record<string, QueryValue>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
