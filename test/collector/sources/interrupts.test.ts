// Interrupts by line and CPU, with what the kernel says about the line.
import { expect, test } from 'vitest';
import { interrupts } from '../../../collector/sources/interrupts.ts';
import { read } from '../read.ts';

const table = `           CPU0       CPU1
 24:       1          2   PCI-MSI 512-edge      virtio1-input.0, eth0
LOC:      30         40   Local timer interrupts
ERR:       5
`;

test('device lines, the kernel’s own, and none of those without a CPU', async () => {
  expect(await read(interrupts, { '/proc/interrupts': table })).toEqual([
    'node_interrupts_total{cpu="0",devices="512-edge virtio1-input.0, eth0",info="PCI-MSI",type="24"} 1',
    'node_interrupts_total{cpu="1",devices="512-edge virtio1-input.0, eth0",info="PCI-MSI",type="24"} 2',
    'node_interrupts_total{cpu="0",devices="",info="Local timer interrupts",type="LOC"} 30',
    'node_interrupts_total{cpu="1",devices="",info="Local timer interrupts",type="LOC"} 40',
  ]);
});

test('off by default', () => {
  expect(interrupts.optional).toBe(true);
});
