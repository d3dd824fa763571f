// Socket tables are read in one pass, whatever the width of their first column.
import { expect, test } from 'vitest';
import { forEachSocket } from '../../collector/sockets.ts';

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr\n';
const line = (number: number, state: string) =>
  `${String(number).padStart(4)}: 0100007F:1F90 0100007F:0050 ${state} 0000000A:FFFFFFFF 00:00000000 00000000 0 0 1\n`;
const visits = (text: string) => {
  const seen: number[][] = [];
  forEachSocket(text, (...socket) => void seen.push(socket));
  return seen;
};

test.each([
  { given: 'nothing', text: '', gives: [] },
  { given: 'a header alone', text: header, gives: [] },
  {
    given: 'two sockets',
    text: header + line(0, '01') + line(1, '0A'),
    gives: [
      [1, 10, 4294967295],
      [10, 10, 4294967295],
    ],
  },
  { given: 'a socket beyond ten thousand', text: header + line(123_456, '06'), gives: [[6, 10, 4294967295]] },
  { given: 'a last line without an end', text: header + line(0, '01').trimEnd(), gives: [[1, 10, 4294967295]] },
])('$given', ({ text, gives }) => {
  expect(visits(text)).toEqual(gives);
});

test.each([`${header}x\n`, `${header}   0: 0100007F:1F90 01\n`, header + line(0, 'ZZ')])('%j throws', (text) => {
  expect(() => visits(text)).toThrow('not a line of a socket table');
});

test('a hundred thousand sockets take well under a second', () => {
  const text = header + Array.from({ length: 100_000 }, (_, at) => line(at, '01')).join('');
  const started = performance.now();
  expect(visits(text)).toHaveLength(100_000);
  expect(performance.now() - started).toBeLessThan(1000);
});
