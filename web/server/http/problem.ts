// Errors as problem details (RFC 9457): what went wrong in a sentence that says what to do, nothing of our insides.
import type { z } from 'zod';
import type { problem } from '../../../core/contracts/api.ts';
import { AuditUnavailable, isBusy, isFull } from '../audit/unavailable.ts';
import { UserError } from '../user-error.ts';

type Problem = z.infer<typeof problem>;

export interface Failure {
  problem: Problem;
  retryAfterSeconds?: number | undefined;
}

const titles: Record<number, string> = {
  400: 'Not understood',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible here',
  409: 'Conflict',
  413: 'Too large',
  415: 'Wrong format',
  422: 'Not acceptable as it stands',
  429: 'Too many requests',
  503: 'Not possible right now',
  507: 'No space left',
};

/** The input did not fit its schema; each error says where. */
export class BadInput extends Error {
  readonly errors: { path: string; message: string }[];
  constructor(part: string, error: z.ZodError) {
    super(`the ${part} does not fit`);
    this.errors = error.issues.slice(0, 20).map(({ path, message }) => ({
      path: [part, ...path].join('.').slice(0, 200),
      message: message.slice(0, 300),
    }));
  }
}

/** The problem that a thrown error is answered with; anything unforeseen becomes a bare 500, its reason stays in the log. */
export function toFailure(error: unknown, requestId: string): Failure {
  if (error instanceof UserError) {
    const { status, kind, message, retryAfterSeconds } = error;
    return { problem: make(status, kind, message, requestId), retryAfterSeconds };
  }
  if (error instanceof BadInput) {
    const detail = 'Something in the request does not fit; the errors say what and where.';
    return { problem: { ...make(422, 'bad-input', detail, requestId), errors: error.errors } };
  }
  if (error instanceof AuditUnavailable || isFull(error)) {
    const kind = error instanceof AuditUnavailable ? error.kind : 'full';
    const status = kind === 'full' ? 507 : 503;
    const detail =
      kind === 'full'
        ? 'The disk is full: nothing can be recorded, so nothing is changed. Free some space; this recovers by itself.'
        : 'The audit log cannot be written, so nothing is changed. Try again in a few seconds; the log of the server says why.';
    return { problem: make(status, `audit-${kind}`, detail, requestId), retryAfterSeconds: 5 };
  }
  if (isBusy(error)) {
    const detail = 'Another program holds the database, so this was not done. Try again in a few seconds.';
    return { problem: make(503, 'busy', detail, requestId), retryAfterSeconds: 2 };
  }
  const parser = bodyParserProblem(error);
  if (parser !== undefined) return { problem: make(...parser, requestId) };
  const detail =
    'This failed inside the server. The log has the reason under the request id; tell an admin if it goes on.';
  return { problem: make(500, 'internal', detail, requestId) };
}

function make(status: number, kind: string, detail: string, requestId: string): Problem {
  return { type: `urn:odyssey:problem:${kind}`, title: titles[status] ?? 'Failed', status, detail, requestId };
}

function bodyParserProblem(error: unknown): [number, string, string] | undefined {
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') return [413, 'too-large', 'The body is too large; 256 KiB is the most.'];
  if (type === 'entity.parse.failed') return [400, 'bad-json', 'The body is not JSON; check its quotes and commas.'];
  if (type === 'charset.unsupported' || type === 'encoding.unsupported')
    return [415, 'wrong-format', 'Send the body as UTF-8 JSON.'];
  return status !== undefined && status >= 400 && status < 500
    ? [400, 'bad-request', 'The request could not be read.']
    : undefined;
}
