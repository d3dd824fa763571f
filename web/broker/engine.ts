// The one place that opens the Docker socket: a request of our own making, with a deadline, on a connection of its own.
import { type IncomingMessage, request } from 'node:http';
import { BadAnswer } from './json-stream.ts';

interface EngineCall {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  signal: AbortSignal;
}

export type Engine = (call: EngineCall) => Promise<IncomingMessage>;

/**
 * Resolves with the answer's head; its body is then to be read or destroyed. Rejects when the engine is not there or the signal is aborted.
 * A kept connection could be dead after the engine's restart, and a POST must not be tried twice: so each call opens a new one.
 */
export function createEngine(socketPath: string): Engine {
  return ({ method, path, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const bodyHeaders =
        body === undefined
          ? method === 'POST' && { 'content-length': '0' }
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
      const sent = request(
        {
          socketPath,
          method,
          path,
          signal,
          agent: false,
          headers: { host: 'docker', accept: 'application/json', connection: 'close', ...headers, ...bodyHeaders },
        },
        resolve,
      );
      sent.on('error', reject);
      // No listed call changes the protocol, and an answer without a head is none.
      sent.on('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new BadAnswer('the engine changed the protocol'));
      });
      sent.on('close', () => reject(new BadAnswer('the engine closed without an answer')));
      sent.end(body);
    });
}

/** Whether the engine answers a ping within the deadline. */
export async function ping(engine: Engine, deadlineSeconds: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(deadlineSeconds * 1000);
    const answer = await engine({ method: 'GET', path: '/_ping', headers: {}, body: undefined, signal });
    const ok = answer.statusCode === 200;
    answer.on('error', () => undefined).destroy(); // only the status counts
    return ok;
  } catch {
    return false; // not there or late: that is the answer
  }
}
