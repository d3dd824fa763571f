// The lock on a data folder: who may have it.
import { describe, expect, test } from 'vitest';
import { decideLock, parseHolder, renderHolder, startTicksIn, stateIn } from '../../../compose/start/lock.ts';

const running = new Map([[70, '5000']]);
const decide = (text: string | undefined) => decideLock(text, (pid) => running.get(pid));

describe('lock', () => {
  test.each([
    { given: 'no lock', text: undefined, expected: { kind: 'take' } },
    { given: 'its holder runs', text: '70 5000\n', expected: { kind: 'refuse', reason: 'process 70 holds it' } },
    {
      given: 'its holder is gone',
      text: '71 5000\n',
      expected: { kind: 'take-over', reason: expect.stringContaining('71') },
    },
    { given: 'another process has its number now', text: '70 4999\n', expected: { kind: 'take-over' } },
    { given: 'a lock cut off', text: '70 50', expected: { kind: 'take-over', reason: 'the lock file is damaged' } },
    { given: 'an empty lock', text: '', expected: { kind: 'take-over' } },
    { given: 'nonsense', text: 'sixty\n', expected: { kind: 'take-over' } },
  ])('$given → $expected.kind', ({ text, expected }) => {
    expect(decide(text)).toMatchObject(expected);
  });

  test('a holder is read back as it was written', () => {
    const holder = { pid: 4_194_304, startTicks: '18446744073709551615' };
    expect(parseHolder(renderHolder(holder))).toEqual(holder);
  });

  test('start time and state are found behind any name', () => {
    const fields = ['S', ...Array.from({ length: 18 }, (_, index) => String(index)), '123456', '99'];
    const stat = `70 (a) name) with (brackets) ${fields.join(' ')}`.replace('brackets)', 'brackets))');
    expect(startTicksIn(stat)).toBe('123456');
    expect(stateIn(stat)).toBe('S');
    expect(stateIn('71 (gone) Z 1')).toBe('Z');
  });
});
