// Relocation: a fixed path inside a program becomes relative, and nothing else changes.
import { describe, expect, test } from 'vitest';
import { relocate } from '../../../compose/engine/relocate.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('relocate', () => {
  test.each([
    { given: '/usr/share/a', expected: 'usr/share/a/', found: 1 },
    { given: 'x/usr/share/a/ui/y\0/usr/share/az', expected: 'xusr/share/a//ui/y\0usr/share/a/z', found: 2 },
    { given: '//usr/share/a', expected: '/usr/share/a/', found: 1 },
    { given: '/usr/share/b /usr/shar', expected: '/usr/share/b /usr/shar', found: 0 },
    { given: '', expected: '', found: 0 },
  ])('$given → $expected', ({ given, expected, found }) => {
    const program = bytes(given);
    expect(relocate(program, '/usr/share/a')).toBe(found);
    expect(new TextDecoder().decode(program)).toBe(expected);
    expect(program).toHaveLength(bytes(given).length);
  });

  test('a second time changes nothing', () => {
    const program = bytes('--/usr/share/a--');
    relocate(program, '/usr/share/a');
    expect(relocate(program, '/usr/share/a')).toBe(0);
  });
});
