// One JSON line an event on standard output; what might be secret is masked before it is written.
import pino from 'pino';

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

const secretFields = ['token', 'password', 'secret', 'authorization', 'cookie'];

export function createLog(process: string, level: string): Log {
  return pino({
    name: process,
    level,
    base: { name: process },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[masked]' },
  });
}
