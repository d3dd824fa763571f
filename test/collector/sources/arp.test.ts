// ARP entries are counted by interface.
import { expect, test } from 'vitest';
import { arp } from '../../../collector/sources/arp.ts';
import { read } from '../read.ts';

const header = 'IP address       HW type     Flags       HW address            Mask     Device\n';
const entry = (address: string, device: string) =>
  `${address}        0x1         0x2         02:fc:00:00:00:05     *        ${device}\n`;

test.each([
  { given: 'an empty table', table: header, gives: [] },
  { given: 'no table, as without IPv4', table: undefined, gives: [] },
  {
    given: 'entries of two interfaces',
    table: header + entry('10.0.0.1', 'eth0') + entry('172.17.0.2', 'docker0') + entry('10.0.0.2', 'eth0'),
    gives: ['node_arp_entries{device="eth0"} 2', 'node_arp_entries{device="docker0"} 1'],
  },
])('$given', async ({ table, gives }) => {
  expect(await read(arp, table === undefined ? {} : { '/proc/net/arp': table })).toEqual(gives);
});

test('a line without a device fails the source', async () => {
  await expect(read(arp, { '/proc/net/arp': `${header}10.0.0.1 0x1\n` })).rejects.toThrow(
    'not a line of /proc/net/arp',
  );
});
