// The names of NVIDIA's own exporter for dashboards made for it; off by default, and never beside the real one.
import { gauge, type Labels, type Sample, sample } from '../../../core/contracts/sample.ts';
import type { Source } from '../../source.ts';
import type { Gpu } from './csv.ts';
import type { Smi } from './smi.ts';

/** Series of ours, the alias, and what turns our unit into its own: percent, MiB, MHz. */
const aliases: readonly { series: string; alias: string; factor: number; help: string }[] = [
  { series: 'temperature_gpu', alias: 'GPU_TEMP', factor: 1, help: 'Temperature in degrees Celsius.' },
  { series: 'power_draw_watts', alias: 'POWER_USAGE', factor: 1, help: 'Power drawn in watts.' },
  {
    series: 'clocks_current_sm_clock_hz',
    alias: 'SM_CLOCK',
    factor: 1e-6,
    help: 'Clock of the multiprocessors in MHz.',
  },
  { series: 'clocks_current_memory_clock_hz', alias: 'MEM_CLOCK', factor: 1e-6, help: 'Clock of the memory in MHz.' },
  {
    series: 'temperature_memory',
    alias: 'MEMORY_TEMP',
    factor: 1,
    help: 'Temperature of the memory in degrees Celsius.',
  },
  { series: 'utilization_gpu_ratio', alias: 'GPU_UTIL', factor: 100, help: 'Percent of time the GPU was busy.' },
  {
    series: 'utilization_memory_ratio',
    alias: 'MEM_COPY_UTIL',
    factor: 100,
    help: 'Percent of time its memory was busy.',
  },
  {
    series: 'utilization_encoder_ratio',
    alias: 'ENC_UTIL',
    factor: 100,
    help: 'Percent of time the encoder was busy.',
  },
  {
    series: 'utilization_decoder_ratio',
    alias: 'DEC_UTIL',
    factor: 100,
    help: 'Percent of time the decoder was busy.',
  },
  { series: 'memory_used_bytes', alias: 'FB_USED', factor: 2 ** -20, help: 'Memory in use in MiB.' },
  { series: 'memory_free_bytes', alias: 'FB_FREE', factor: 2 ** -20, help: 'Memory that is free in MiB.' },
  {
    series: 'memory_reserved_bytes',
    alias: 'FB_RESERVED',
    factor: 2 ** -20,
    help: 'Memory kept by the driver in MiB.',
  },
];

const freshSeconds = 20;

export function createDcgmAliases(smi: Smi): Source {
  return {
    name: 'dcgm',
    optional: true,
    metrics: aliases.map(({ alias, help }) => gauge(`DCGM_FI_DEV_${alias}`, help)),
    read(machine) {
      const { reading } = smi;
      const ageMax = Math.max(freshSeconds, 2 * smi.gapSeconds);
      if (reading === undefined || machine.monotonicSeconds() - reading.atSeconds > ageMax) return [];
      const hostname = machine.readText('/proc/sys/kernel/hostname').trim();
      return reading.gpus.flatMap((gpu) => aliasSamples(gpu, hostname));
    },
  };
}

function aliasSamples(gpu: Gpu, hostname: string): Sample[] {
  const labels: Labels = {
    gpu: String(gpu.index),
    UUID: `GPU-${gpu.uuid}`,
    pci_bus_id: gpu.texts.get('pci.bus_id') ?? '',
    device: `nvidia${gpu.index}`,
    modelName: gpu.texts.get('name') ?? '',
    hostname,
  };
  return [...gpu.values].flatMap(([{ series }, value]) =>
    aliases
      .filter((alias) => series.includes(alias.series))
      .map(({ alias, factor }) => sample(`DCGM_FI_DEV_${alias}`, value * factor, labels)),
  );
}
