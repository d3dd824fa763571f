// What a person did wrong, or may not do: a status and a sentence that says what to do next.

export class UserError extends Error {
  readonly status: number;
  /** A short name that a program can act on, the last part of the problem's type. */
  readonly kind: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, kind: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
