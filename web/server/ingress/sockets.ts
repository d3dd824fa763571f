// HAProxy's admin and master sockets: one command a connection, each with a deadline and a bound on its answer.
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseReload, type ReloadAnswer } from './answers.ts';

export interface HaproxySockets {
  /** The answer's text. Rejects when nothing listens, when it is late or when it is too long. */
  ask(command: string): Promise<string>;
  reload(): Promise<ReloadAnswer>;
}

const askSeconds = 3;
/** A reload answers when the new worker serves; with hundreds of backends that takes a while. */
const reloadSeconds = 20;
/** The master refuses connections for a moment after a reload. */
const connectSeconds = 3;
const answerBytesMax = 32 * 2 ** 20;

export function haproxySockets(folder: string, sleep: (seconds: number) => Promise<void>): HaproxySockets {
  return {
    ask: (command) => exchange(join(folder, 'admin.sock'), command, askSeconds),
    async reload() {
      for (let waited = 0; ; waited += 0.1) {
        try {
          return parseReload(await exchange(join(folder, 'master.sock'), 'reload', reloadSeconds));
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if ((code !== 'ECONNREFUSED' && code !== 'ENOENT') || waited >= connectSeconds) throw error;
          await sleep(0.1);
        }
      }
    },
  };
}

function exchange(path: string, command: string, timeoutSeconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect(path);
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error(`no answer in ${timeoutSeconds} s`)), timeoutSeconds * 1000);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerBytesMax) fail(new Error(`the answer is longer than ${answerBytesMax} bytes`));
    });
    socket.on('error', fail);
    socket.on('close', () => clearTimeout(timer));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.write(`${command}\n`);
  });
}
