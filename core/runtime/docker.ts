// The Docker engine as our processes see it: the broker's listed calls over a unix socket, each with a deadline and a bound on its answer.
import { type IncomingMessage, request } from 'node:http';
import type { ReadCall, WriteCall } from '../contracts/broker.ts';

export interface DockerOptions {
  /** The broker's socket. */
  socketPath: string;
  timeoutSeconds: number;
  answerBytesMax: number;
}

interface CallOptions {
  /** What stands for the placeholders of the call: `{ id: 'abc' }`. */
  parts?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** A registry's credentials; sent in their own header. */
  registryAuth?: unknown;
  /** Where a call takes longer than usual, as stopping a container does. */
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

/** The broker or the engine said no; the message is theirs. */
export class DockerError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Docker<Call extends string> {
  /** The answer's JSON, undefined where it has none. Rejects with DockerError on a status of 400 or more, with Error when it is late or broken. */
  call(name: Call, options?: CallOptions): Promise<unknown>;
  /** Gives each value of a stream, such as events, until it ends; rejects as `call` does, and when a value is beyond the bound. */
  stream(name: Call, options?: CallOptions): AsyncGenerator<unknown, void>;
}

/** `Call` is the table of the socket: a call that the broker would refuse does not compile. */
export function createDocker<Call extends ReadCall | WriteCall>(docker: DockerOptions): Docker<Call> {
  return {
    async call(name, options = {}) {
      const timeoutSeconds = options.timeoutSeconds ?? docker.timeoutSeconds;
      const signal = within(timeoutSeconds, options.signal);
      const answer = await open(docker, name, options, signal);
      const body = await readText(answer, docker.answerBytesMax);
      if (answer.statusCode! >= 400) throw toError(answer.statusCode!, body);
      return answer.headers['content-type']?.startsWith('application/json') ? JSON.parse(body) : undefined;
    },
    async *stream(name, options = {}) {
      // The deadline is for the head alone: a stream may be silent for long, and the broker ends it when it is idle.
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), (options.timeoutSeconds ?? docker.timeoutSeconds) * 1000);
      const signals = options.signal ? [controller.signal, options.signal] : [controller.signal];
      const answer = await open(docker, name, options, AbortSignal.any(signals)).finally(() => clearTimeout(timer));
      if (answer.statusCode! >= 400) throw toError(answer.statusCode!, await readText(answer, docker.answerBytesMax));
      yield* readLines(answer, docker.answerBytesMax);
    },
  };
}

function within(seconds: number, signal: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(seconds * 1000);
  return signal ? AbortSignal.any([deadline, signal]) : deadline;
}

function open(
  docker: DockerOptions,
  name: string,
  options: CallOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const [method, template] = name.split(' ') as [string, string];
  const path = template.replace(/\{(\w+)\}/g, (_whole, part: string) => {
    const value = options.parts?.[part];
    if (value === undefined) throw new Error(`${name} needs ${part}`);
    return encodePart(part, value);
  });
  const query = new URLSearchParams(options.query).toString();
  const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
  const headers: Record<string, string> = {
    host: 'docker',
    connection: 'close',
    'content-length': String(body?.length ?? 0),
  };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (options.registryAuth !== undefined) headers['x-registry-auth'] = base64url(options.registryAuth);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath: docker.socketPath,
        agent: false,
        method,
        path: query === '' ? path : `${path}?${query}`,
        headers,
        signal,
      },
      resolve,
    );
    sent.on('error', reject);
    sent.on('close', () => reject(new Error(`${name} was closed without an answer`)));
    sent.end(body);
  });
}

/** Only an image's name has slashes, and no part may walk about in the path. */
function encodePart(part: string, value: string): string {
  const segments = part === 'image' ? value.split('/') : [value];
  if (segments.some((segment) => ['', '.', '..'].includes(segment)))
    throw new Error(`${JSON.stringify(value)} is no ${part}`);
  return segments.map(encodeURIComponent).join('/');
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function readText(answer: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

async function* readLines(answer: IncomingMessage, lineBytesMax: number): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const whole = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = whole.pop()!;
    if (rest.length > lineBytesMax) throw new Error(`one value is longer than ${lineBytesMax} bytes`);
    for (const line of whole) if (line !== '') yield JSON.parse(line);
  }
  if (rest !== '') throw new Error('the stream ended in the middle of a value');
}

function toError(status: number, body: string): DockerError {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === 'string') return new DockerError(status, message);
  } catch {
    // Not JSON; what is said counts all the same.
  }
  return new DockerError(status, body.slice(0, 2_048));
}
