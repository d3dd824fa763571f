// Where on this machine a command works: its data folder and ports, from the command line.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions } from './options.ts';
import { type Ports, portsFrom } from './ports.ts';

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export type Place =
  | {
      kind: 'place';
      dataDir: string;
      portBase: number;
      ports: Ports;
      switches: ReadonlySet<string>;
      words: readonly string[];
    }
  | { kind: 'wrong'; problems: readonly string[] };

/** `data/` in the checkout unless said otherwise; relative folders start where the command was typed. */
export function readPlace(args: readonly string[], known: { switches: readonly string[]; words: number }): Place {
  const read = readOptions(args, known);
  if (read.kind === 'wrong') return read;
  const { dataDir, portBase, switches, words } = read.options;
  const typedAt = process.env['INIT_CWD'] ?? process.cwd();
  return {
    kind: 'place',
    dataDir: dataDir === undefined ? join(root, 'data') : resolve(typedAt, dataDir),
    portBase,
    ports: portsFrom(portBase),
    switches,
    words,
  };
}
