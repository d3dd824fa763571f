// Every row has a caller: the tables, the contract and the code that calls must name the same calls.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCalls, writeCalls } from '../../../core/contracts/broker.ts';
import { readTable } from '../../../web/broker/read-table.ts';
import { writeTable } from '../../../web/broker/write-table.ts';
import { openPolicy } from './harness.ts';

const root = join(import.meta.dirname, '../../..');
const rows = writeTable(openPolicy);

function textOf(folder: string): string {
  try {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    return names
      .map((name) => join(root, folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
  } catch {
    return ''; // the part is not written yet
  }
}

const engine = textOf('web/server/engine');

describe('the tables hold what is called', () => {
  test('the contract and the tables name the same calls, each once', () => {
    expect(readTable.map(({ call }) => call)).toEqual([...readCalls]);
    expect(rows.map(({ call }) => call).sort()).toEqual([...writeCalls].sort());
    expect(new Set(writeCalls).size).toBe(writeCalls.length);
  });

  test('the read table is the collector’s', () => {
    expect([...new Set(readTable.map(({ caller }) => caller))]).toEqual(['collector']);
  });

  test.each(rows.map(({ call }) => call))('%s is made by the control plane’s port to the engine', (call) => {
    expect(engine).toContain(`'${call}'`);
  });

  test('nothing of ours but the broker knows the engine’s socket', () => {
    const texts = ['core', 'collector', 'detectors', 'web/server'].map((folder) => ({ folder, text: textOf(folder) }));
    const opening = texts.filter(({ text }) => /socketPath: *['"]\/(var\/)?run\/docker/.test(text));
    expect(opening.map(({ folder }) => folder)).toEqual([]);
  });
});
