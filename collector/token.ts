// The bearer token of /v1: one file that the starter or the collector makes and their readers share.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Handler, json } from '../core/runtime/http.ts';

/** The token of `<data>/run/collector.token`; made, readable by its group, when there is none. */
export function readOrCreateToken(dataFolder: string): string {
  const folder = join(dataFolder, 'run');
  const path = join(folder, 'collector.token');
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o640 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const token = readFileSync(path, 'utf8').trim();
  if (token.length < 16) throw new Error(`${path} holds no usable token; remove it and start again.`);
  return token;
}

/** The handler for those who show the token; 401 for everyone else. */
export function behindToken(token: string, handler: Handler): Handler {
  const expected = Buffer.from(`Bearer ${token}`);
  return (query, headers) => {
    const shown = Buffer.from(headers.authorization ?? '');
    if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) {
      return json(401, { title: 'Show the token of run/collector.token as a bearer token.', status: 401 });
    }
    return handler(query, headers);
  };
}
