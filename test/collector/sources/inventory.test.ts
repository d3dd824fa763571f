// The inventory is read once, and what cannot be read is an empty label.
import { expect, test } from 'vitest';
import { createInventory } from '../../../collector/sources/inventory.ts';
import { read } from '../read.ts';

const files = {
  '/proc/cpuinfo':
    'processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 7763\n\nprocessor\t: 1\nmodel name\t: other\n',
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  '/sys/class/dmi/id/sys_vendor': 'Supermicro\n',
  '/sys/class/dmi/id/product_name': 'X11\n',
};

test('hardware and system in one series', async () => {
  expect(await read(createInventory(), files)).toEqual([
    'machine_inventory_info{architecture="x86_64",cpu_vendor="AuthenticAMD",cpu_model="AMD EPYC 7763",cpu_count="2",os_id="debian",' +
      'os_version="12",os_name="Debian GNU/Linux 12 (bookworm)",kernel="6.1.0-18-amd64",system_vendor="Supermicro",product_name="X11",' +
      'board_name="",bios_version=""} 1',
  ]);
});

test('it is read once', async () => {
  const inventory = createInventory();
  const first = await read(inventory, files);
  expect(await read(inventory, {})).toEqual(first);
});
