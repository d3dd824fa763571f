// The tokens by which our own processes know each other: one file each under `<data>/run`, shared within their group.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { NoAnswer } from '../../core/lib/no-answer.ts';
import { randomSecret } from './crypto.ts';

type ProcessToken = (name: 'collector' | 'detectors' | 'alertmanager') => string;

/** Reads a token at every use, because its maker may start after us; those that are shown to us are made here where nobody made them yet. */
export function processTokens(dataFolder: string): ProcessToken {
  const folder = join(dataFolder, 'run');
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  for (const name of ['detectors', 'alertmanager']) makeOnce(join(folder, `${name}.token`));
  return (name) => {
    const token = readToken(join(folder, `${name}.token`)).trim();
    if (token.length < 16) throw new NoAnswer(`has no usable token in run/${name}.token`);
    return token;
  };
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'has made no token yet' : 'has a token that cannot be read';
    throw new NoAnswer(`${why} (run/${basename(path)})`, { cause });
  }
}

function makeOnce(path: string): void {
  try {
    writeFileSync(path, randomSecret(), { mode: 0o640, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
