// Why a process beside us gave no usable answer, in words that a person can use; whoever asked puts its name in front.

/** The message goes on after a name: "is not ready (503)". */
export class NoAnswer extends Error {
  /** Undefined where there was no answer at all, or none that could be read. */
  readonly status: number | undefined;
  constructor(message: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

/** These say that nobody is there yet, or not now, and nothing about what was asked. */
const notNow: readonly number[] = [429, 502, 503, 504];

/** Whether the same call may succeed later as it stands. */
export function mayComeLater(error: unknown): boolean {
  return !(error instanceof NoAnswer) || error.status === undefined || notNow.includes(error.status);
}

/** For an answer that was no success: its status in words, and its own words where they are meant for people. */
export function noSuccess(status: number, body: string): NoAnswer {
  const said = wordsOf(body);
  const and = said === '' ? '' : `: ${said}`;
  if (status === 401 || status === 403) return new NoAnswer(`refuses us (${status})${and}`, { status });
  if (notNow.includes(status)) return new NoAnswer(`is not ready (${status})${and}`, { status });
  return new NoAnswer(`answered ${status}${and}`, { status });
}

/** For whatever a call rejected with: a deadline, a connection, a body that cannot be read, a shape that was not expected. */
export function noAnswer(cause: unknown): NoAnswer {
  if (cause instanceof NoAnswer) return cause;
  const { name, message } = cause as Error;
  if (name === 'TimeoutError' || name === 'AbortError') return new NoAnswer('gave no answer in time', { cause });
  if (name === 'ZodError' || name === 'SyntaxError')
    return new NoAnswer('gave an answer of another shape; something else listens there, or another version', { cause });
  const code = codeOf(cause) ?? codeOf((cause as Error).cause);
  if (code !== undefined) return new NoAnswer(`does not answer (${code})`, { cause });
  // What fetch rejects with, and a body whose connection was cut.
  if (['fetch failed', 'terminated'].includes(message)) return new NoAnswer('does not answer', { cause });
  return new NoAnswer(`gave no usable answer: ${message.slice(0, 300)}`, { cause });
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : undefined;
}

const wordsMax = 300;

/** The sentence in a body: of JSON the field that is meant for people, of plain text all, of HTML and the rest nothing. */
export function wordsOf(body: string): string {
  const text = body.trim();
  if (text === '' || text.startsWith('<')) return '';
  const said = /^[[{"\d]|^(true|false|null)$/.test(text) ? ofJson(text) : text;
  return said.replace(/\s+/g, ' ').trim().slice(0, wordsMax);
}

function ofJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
    const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    const said = ['detail', 'error', 'message', 'title'].map((name) => fields[name]);
    return (said.find((one) => typeof one === 'string' && one !== '') as string | undefined) ?? '';
  } catch {
    return /^[{["]/.test(text) ? '' : text; // cut JSON is for nobody; "3 targets are gone" is a sentence
  }
}
