// Options of the commands: what is understood, and what is told back.
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../compose/options.ts';

const known = { switches: ['once', 'json'], words: 1 };
const read = (line: string) => readOptions(line.split(' ').filter(Boolean), known);

describe('options', () => {
  test.each([
    { given: '', dataDir: undefined, portBase: 0, switches: [], words: [] },
    { given: '--data /srv/o --port-base 1000', dataDir: '/srv/o', portBase: 1000, switches: [], words: [] },
    { given: '--data=/srv/o --port-base=0', dataDir: '/srv/o', portBase: 0, switches: [], words: [] },
    { given: 'install --once --json', dataDir: undefined, portBase: 0, switches: ['once', 'json'], words: ['install'] },
    { given: '--port-base 56000', dataDir: undefined, portBase: 56_000, switches: [], words: [] },
  ])('"$given" is understood', ({ given, dataDir, portBase, switches, words }) => {
    const options = { dataDir, portBase, switches: new Set(switches), words };
    expect(read(given)).toEqual({ kind: 'options', options });
  });

  test.each([
    { given: '--data', says: ['--data needs a value'] },
    { given: '--data --once', says: ['--data needs a value'] },
    { given: '--data=', says: ['--data needs a value'] },
    { given: '--port-base -1', says: [/^--port-base -1: give a whole number/] },
    { given: '--port-base 1e3', says: [/^--port-base 1e3/] },
    { given: '--port-base 56001', says: [/from 0 to 56000/] },
    { given: '--onec', says: [/--onec is not known; known are .*--once/] },
    { given: 'install remove', says: ['"remove" is too much'] },
    { given: '--port-base x --onec a b', says: [/--port-base x/, /--onec/, /"b"/] },
  ])('"$given" is refused, every mistake at once', ({ given, says }) => {
    const problems = says.map((sentence) =>
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    );
    expect(read(given)).toEqual({ kind: 'wrong', problems });
  });
});
