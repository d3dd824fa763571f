// Sends what a handler gave: JSON, lines, or events for as long as the reader may have them.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { UserError } from '../user-error.ts';
import { formatEvent, type StreamEvent } from './event-stream.ts';
import type { Kept } from './idempotency.ts';
import type { Route } from './route.ts';

/** A reader that takes nothing for so long is let go. */
const stalledSeconds = 30;
/** Something is sent at least so often, or a broken line would not be noticed. */
const beatSeconds = 15;

export async function send(route: Route, response: Response, answer: unknown): Promise<Kept> {
  const status = route.status ?? 200;
  if (route.lines !== undefined) {
    response.status(status).type(route.lines);
    await pipeline(Readable.from(withNewlines(answer as Iterable<string>)), response);
    return { status, answer: null };
  }
  const text = JSON.stringify(route.answer!.parse(answer));
  response.status(status).type('application/json').send(text);
  return { status, answer: route.secretAnswer ? null : text };
}

function* withNewlines(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

export function repeat({ status, answer }: Kept, response: Response): void {
  if (answer === null)
    throw new UserError(
      409,
      'done-already',
      'This was done by the first call with this key; its answer held a secret that is shown once.',
    );
  response.setHeader('idempotent-replayed', 'true');
  response.status(status).type('application/json').send(answer);
}

/**
 * Sends events until the source ends or the signal is aborted; resolves when the answer has ended. The source is asked for the next one
 * only when the reader has taken the last, so it is the source that bounds and counts what does not fit.
 */
export async function sendEvents(
  response: Response,
  events: AsyncIterable<StreamEvent>,
  signal: AbortSignal,
): Promise<void> {
  // `text/event-stream` must not be gathered by anything between here and the reader.
  response.status(200).type('text/event-stream').setHeader('x-accel-buffering', 'no');
  response.flushHeaders();
  let last = performance.now();
  const beat = setInterval(() => {
    if (performance.now() - last >= beatSeconds * 1000 && !response.writableNeedDrain) response.write(':\n\n');
  }, beatSeconds * 1000);
  try {
    for await (const event of events) {
      last = performance.now();
      if (!response.write(formatEvent(event)) && !(await drained(response, signal))) break;
    }
  } finally {
    clearInterval(beat);
  }
  if (response.writableNeedDrain) response.destroy();
  else response.end();
}

/** Whether the reader took what it was sent in time. */
function drained(response: Response, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (taken: boolean) => () => {
      clearTimeout(timer);
      response.off('drain', yes).off('close', no);
      signal.removeEventListener('abort', no);
      resolve(taken);
    };
    const [yes, no] = [settle(true), settle(false)];
    const timer = setTimeout(no, stalledSeconds * 1000);
    response.on('drain', yes).on('close', no);
    signal.addEventListener('abort', no);
    if (signal.aborted) no();
  });
}
