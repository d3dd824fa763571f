// Passes the engine's answer on: cut into values, cleaned one by one, written anew, never faster than it is read.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CutOff, type Deadline } from './deadline.ts';
import { BadAnswer, JsonSplitter } from './json-stream.ts';
import { type LogForm, LogSplitter } from './log-frames.ts';
import type { Row } from './row.ts';

/** A reader that takes nothing for so long is let go. */
const stalledSecondsMax = 30;
const errorBytesMax = 64 * 1024;
const messageLengthMax = 2_048;

export interface RelayOptions {
  row: Row;
  deadline: Deadline;
  /** Whether the engine's own words about an error are passed on; they may name things that a mere reader has no business with. */
  tellErrors: boolean;
}

/** Resolves with whether the engine did what was asked; rejects with BadAnswer, or with whatever cut the answer short. */
export async function relay(
  answer: IncomingMessage,
  response: ServerResponse,
  options: RelayOptions,
): Promise<'answered' | 'engine-error'> {
  const status = answer.statusCode ?? 0;
  if (status >= 400) {
    const message = options.tellErrors ? await readMessage(answer) : `The engine answered ${status}.`;
    answer.destroy();
    sendJson(response, status, { message });
    return 'engine-error';
  }
  if (![200, 201, 204, 304].includes(status)) throw new BadAnswer(`the engine answered ${status}`);
  const { kind } = options.row.answer;
  if (kind === 'array' || kind === 'lines') await relayPieces(answer, response, options, kind);
  else if (kind === 'log') await relayLog(answer, response, options);
  else await relayWhole(answer, response, status, options.row);
  return 'answered';
}

async function relayWhole(answer: IncomingMessage, response: ServerResponse, status: number, row: Row): Promise<void> {
  const { kind, clean, bytesMax } = row.answer;
  const body = await readBounded(answer, bytesMax);
  if (kind === 'empty' || status === 204 || status === 304) {
    response.writeHead(status).end();
  } else if (kind === 'text') {
    const text = new TextDecoder().decode(body);
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  } else {
    const splitter = new JsonSplitter('one', bytesMax);
    const [piece] = splitter.push(body);
    splitter.end();
    if (piece === undefined) throw new BadAnswer('the answer is empty');
    sendJson(response, status, clean(parsePiece(piece)));
  }
}

/** The head is sent with the first piece, so that an answer which is wrong from the start still becomes an error. */
async function relayPieces(
  answer: IncomingMessage,
  response: ServerResponse,
  { row, deadline }: RelayOptions,
  kind: 'array' | 'lines',
): Promise<void> {
  const { clean, pieceBytesMax, bytesMax } = row.answer;
  const splitter = new JsonSplitter(kind, pieceBytesMax);
  const write = createWriter(response, kind);
  let bytes = 0;
  if (kind === 'lines') write.open();
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (row.idleSeconds !== undefined) deadline.extend(row.idleSeconds);
    bytes += chunk.length;
    if (bytes > bytesMax) throw new BadAnswer(`the answer is longer than ${bytesMax} bytes`);
    const texts = splitter.push(chunk).map((piece) => JSON.stringify(clean(parsePiece(piece))));
    if (texts.length > 0 && !write.pieces(texts)) await drained(response);
  }
  splitter.end();
  write.close();
}

const logForms: Readonly<Record<string, LogForm>> = {
  'application/vnd.docker.multiplexed-stream': 'multiplexed',
  'application/vnd.docker.raw-stream': 'raw',
};

/** Each record of a log becomes a line of JSON. */
async function relayLog(
  answer: IncomingMessage,
  response: ServerResponse,
  { row, deadline }: RelayOptions,
): Promise<void> {
  const form = logForms[answer.headers['content-type'] ?? ''];
  if (form === undefined) throw new BadAnswer('not a log');
  const splitter = new LogSplitter(form, row.demanded.includes('details'));
  const write = createWriter(response, 'lines');
  write.open();
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (row.idleSeconds !== undefined) deadline.extend(row.idleSeconds);
    const texts = splitter.push(chunk).map((record) => JSON.stringify(record));
    if (texts.length > 0 && !write.pieces(texts)) await drained(response);
  }
  const last = splitter.end().map((record) => JSON.stringify(record));
  if (last.length > 0) write.pieces(last);
  write.close();
}

function parsePiece(piece: string): unknown {
  try {
    return JSON.parse(piece);
  } catch {
    throw new BadAnswer('the answer is not JSON'); // the parser's own words would repeat a part of it
  }
}

function createWriter(response: ServerResponse, kind: 'array' | 'lines') {
  let first = true;
  const open = (): void => {
    response.writeHead(200, { 'content-type': kind === 'lines' ? 'application/x-ndjson' : 'application/json' });
    response.flushHeaders();
  };
  return {
    open,
    pieces(texts: readonly string[]): boolean {
      if (kind === 'lines') return response.write(`${texts.join('\n')}\n`);
      if (first) open();
      const before = first ? '[' : ',';
      first = false;
      return response.write(before + texts.join(','));
    },
    close(): void {
      if (kind === 'lines') response.end();
      else if (first) sendJson(response, 200, []);
      else response.end(']');
    },
  };
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('drain', done).off('close', done);
      resolve();
    };
    const timer = setTimeout(() => reject(new CutOff('client-stalled')), stalledSecondsMax * 1000);
    response.on('drain', done).on('close', done);
  });
}

async function readBounded(answer: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new BadAnswer(`the answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readMessage(answer: IncomingMessage): Promise<string> {
  const text = new TextDecoder().decode(await readBounded(answer, errorBytesMax));
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message.slice(0, messageLengthMax);
  } catch {
    // Not JSON: some of the engine's own errors are plain text.
  }
  return text.slice(0, messageLengthMax);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
