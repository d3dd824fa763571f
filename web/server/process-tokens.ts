// The tokens by which our own processes know each other: one file each under `<data>/run`, shared within their group.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomSecret } from './crypto.ts';

type ProcessToken = (name: 'collector' | 'detectors') => string;

/** Reads a token at every use, because its maker may start after us; the detectors' is made here where nobody made it yet. */
export function processTokens(dataFolder: string): ProcessToken {
  const folder = join(dataFolder, 'run');
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  try {
    writeFileSync(join(folder, 'detectors.token'), randomSecret(), { mode: 0o640, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (name) => {
    const token = readFileSync(join(folder, `${name}.token`), 'utf8').trim();
    if (token.length < 16) throw new Error(`${name}.token holds no usable token`);
    return token;
  };
}
