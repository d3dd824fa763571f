// What the machine is: processor, board, firmware and operating system, read once.
import { gauge, type Labels, type Sample, sample } from '../../core/contracts/sample.ts';
import { linesOf, pairsOf } from '../procfs.ts';
import type { Machine, Source } from '../source.ts';

/** Files tell in a fraction of a millisecond what an inventory library asks child processes for. A fact that cannot be read is an empty label. */
export function createInventory(): Source {
  let known: Sample[] | undefined;
  return {
    name: 'inventory',
    metrics: [gauge('machine_inventory_info', 'Hardware and operating system of the machine; always 1.')],
    read(machine) {
      known ??= [sample('machine_inventory_info', 1, readInventory(machine))];
      return known;
    },
  };
}

function readInventory(machine: Machine): Labels {
  const cpu = pairsOf(machine.readTextIfThere('/proc/cpuinfo') ?? '');
  const system = assignmentsOf(machine.readTextIfThere('/etc/os-release') ?? '');
  const board = (file: string) => machine.readTextIfThere(`/sys/class/dmi/id/${file}`)?.trim() ?? '';
  return {
    architecture: machine.architecture,
    cpu_vendor: cpu.get('vendor_id') ?? cpu.get('CPU implementer') ?? '',
    cpu_model:
      cpu.get('model name') ?? machine.readTextIfThere('/sys/firmware/devicetree/base/model')?.replace(/\0$/, '') ?? '',
    cpu_count: String(machine.cpuCount),
    os_id: system.get('ID') ?? '',
    os_version: system.get('VERSION_ID') ?? '',
    os_name: system.get('PRETTY_NAME') ?? '',
    kernel: machine.readTextIfThere('/proc/sys/kernel/osrelease')?.trim() ?? '',
    system_vendor: board('sys_vendor'),
    product_name: board('product_name'),
    board_name: board('board_name'),
    bios_version: board('bios_version'),
  };
}

/** `NAME=value` or `NAME="value"` a line: os-release(5). */
function assignmentsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [, name, value] = /^(\w+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line)?.flatMap((part) => part ?? []) ?? [];
    if (name !== undefined) found.set(name, value ?? '');
  }
  return found;
}
