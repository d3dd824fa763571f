// Listening sockets in the kernel's tables.
import { expect, test } from 'vitest';
import { listenersIn } from '../../../compose/doctor/proc-net.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const rest = '00000000:00000000 00:00000000 00000000     0        0';

test('listeners of both tables are found with their inode, connections are not', () => {
  const text =
    `${head}   0: 0100007F:24B9 00000000:0000 0A ${rest} 4711 1 0000 100 0 0 10 0\n` +
    `   1: 0100007F:2382 0100007F:9C40 01 ${rest} 4712 1 0000 20 4 30 10 -1\n` +
    `   2: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A ${rest} 4713 1\n`;
  expect([...listenersIn(text)]).toEqual([
    [9401, '4711'],
    [8080, '4713'],
  ]);
});

test.each(['', head, 'nonsense\nmore nonsense\n'])('nothing is found in %j', (text) => {
  expect(listenersIn(text).size).toBe(0);
});
