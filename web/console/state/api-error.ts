// A call that did not succeed, as the console speaks of it: what the server said, or that it said nothing.
import type { z } from 'zod';
import type { problem } from '../../../core/contracts/api.ts';

type Problem = z.infer<typeof problem>;

/** Ours, where the server did not say anything: it could not be reached, was too slow, gave what nobody can read, or took us for another. */
export type Silence = 'unreachable' | 'late' | 'unreadable' | 'in-between' | 'somebody-else';

export class ApiError extends Error {
  /** 0 where there was no answer. */
  readonly status: number;
  /** The last part of the problem's type: `not-allowed`, `confirm-first`, …, or a `Silence`. */
  readonly kind: string;
  readonly title: string;
  readonly requestId: string | undefined;
  readonly fields: NonNullable<Problem['errors']>;
  readonly retryAfterSeconds: number | undefined;

  constructor(told: Omit<Problem, 'requestId' | 'errors'> & Partial<Problem>, retryAfterSeconds?: number) {
    super(told.detail);
    this.status = told.status;
    this.kind = told.type.slice(told.type.lastIndexOf(':') + 1);
    this.title = told.title;
    this.requestId = told.requestId;
    this.fields = told.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The sentence for a field of a form, named as in the body. */
  fieldError(name: string): string | undefined {
    return this.fields.find(({ path }) => path === `body.${name}` || path.startsWith(`body.${name}.`))?.message;
  }
}

const silences: Record<Silence, [title: string, detail: string]> = {
  unreachable: [
    'No answer',
    'The server cannot be reached. What you see is from before; this is tried again by itself.',
  ],
  late: [
    'No answer in time',
    'The server took too long. It may still be at work on it: look before you repeat a change.',
  ],
  'in-between': [
    'No answer',
    'Something in front of the server answered in its place: the server is being started, or does not run. This is tried again by itself.',
  ],
  'somebody-else': [
    'Somebody else is signed in',
    'Another tab of this browser let in somebody else, so this was not done. Look who you are before you repeat it.',
  ],
  unreadable: ['Strange answer', 'What answered is not this server, or one of another version. Load the page again.'],
};

export function silenceError(kind: Silence): ApiError {
  const [title, detail] = silences[kind];
  return new ApiError({ type: kind, title, detail, status: 0 });
}

/** Whether this was caused by who asks and not by what happened: it is not tried again by itself. */
export function isRefusal({ status, kind }: ApiError): boolean {
  return status === 403 || kind === 'signed-out';
}

/** Reads a failed answer; anything but a problem becomes one. */
export async function readProblem(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(wait) ? wait : undefined;
  try {
    const told = (await response.json()) as Partial<Problem>;
    const { type = 'failed', title = 'Failed', detail = 'The server gave no reason.', status = response.status } = told;
    return new ApiError({ ...told, type, title, detail, status }, retryAfterSeconds);
  } catch {
    return silenceError([502, 503, 504].includes(response.status) ? 'in-between' : 'unreadable');
  }
}
