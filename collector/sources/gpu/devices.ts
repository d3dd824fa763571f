// NVIDIA GPUs as the PCI bus lists them, to see which sleep: asking a sleeping GPU wakes it.
import type { Machine } from '../../source.ts';

const bus = '/sys/bus/pci/devices';

export interface PciGpus {
  /** Bus addresses such as 0000:01:00.0. */
  awake: string[];
  suspended: string[];
}

/** Display devices (class 0x03) of NVIDIA (vendor 0x10de), by whether the kernel has powered them down. */
export function findPciGpus(machine: Machine): PciGpus {
  const gpus: PciGpus = { awake: [], suspended: [] };
  for (const address of machine.listIfThere(bus)) {
    const folder = `${bus}/${address}`;
    if (machine.readTextIfThere(`${folder}/vendor`)?.trim() !== '0x10de') continue;
    if (!machine.readTextIfThere(`${folder}/class`)?.startsWith('0x03')) continue;
    const status = machine.readTextIfThere(`${folder}/power/runtime_status`)?.trim();
    (status === 'suspended' || status === 'suspending' ? gpus.suspended : gpus.awake).push(address);
  }
  return gpus;
}
