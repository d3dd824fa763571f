// From what is known of one container to its samples.
import { type Labels, type Sample, sample } from '../../../core/contracts/sample.ts';
import type { DeviceUse } from './cgroup-text.ts';
import type { InterfaceUse } from './network.ts';
import type { Limits, MemoryUse, Usage } from './usage.ts';

/** What could not be read has no sample. */
function optional(name: string, value: number | undefined, labels: Labels): Sample[] {
  return value === undefined ? [] : [sample(name, value, labels)];
}

/** The samples of one control group; `deviceName` turns major:minor into a path such as /dev/sda. */
export function usageSamples(usage: Usage, labels: Labels, deviceName: (device: string) => string): Sample[] {
  const { cpu, throttling, memory, pressure } = usage;
  const samples: Sample[] = [];
  if (cpu) {
    samples.push(
      sample('container_cpu_usage_seconds_total', cpu.totalSeconds, { ...labels, cpu: 'total' }),
      sample('container_cpu_user_seconds_total', cpu.userSeconds, labels),
      sample('container_cpu_system_seconds_total', cpu.systemSeconds, labels),
    );
  }
  if (throttling) {
    samples.push(
      sample('container_cpu_cfs_periods_total', throttling.periods, labels),
      sample('container_cpu_cfs_throttled_periods_total', throttling.throttledPeriods, labels),
      sample('container_cpu_cfs_throttled_seconds_total', throttling.throttledSeconds, labels),
    );
  }
  if (memory) samples.push(...memorySamples(memory, labels));
  for (const device of usage.devices ?? []) samples.push(...deviceSamples(device, labels, deviceName(device.device)));
  samples.push(...optional('container_threads', usage.threads, labels));
  for (const resource of ['cpu', 'memory', 'io'] as const) {
    const waited = pressure[resource];
    samples.push(
      ...optional(`container_pressure_${resource}_waiting_seconds_total`, waited?.waitingSeconds, labels),
      ...optional(`container_pressure_${resource}_stalled_seconds_total`, waited?.stalledSeconds, labels),
    );
  }
  return samples;
}

function memorySamples(memory: MemoryUse, labels: Labels): Sample[] {
  const { own, all, ownMajor, allMajor } = memory.faults;
  const fault = (failure_type: string, scope: string, value: number) =>
    sample('container_memory_failures_total', value, { ...labels, failure_type, scope });
  return [
    sample('container_memory_usage_bytes', memory.usageBytes, labels),
    sample('container_memory_working_set_bytes', memory.workingSetBytes, labels),
    sample('container_memory_rss', memory.rssBytes, labels),
    sample('container_memory_cache', memory.cacheBytes, labels),
    sample('container_memory_mapped_file', memory.mappedFileBytes, labels),
    ...optional('container_memory_swap', memory.swapBytes, labels),
    ...optional('container_memory_max_usage_bytes', memory.maxUsageBytes, labels),
    ...optional('container_memory_failcnt', memory.failcnt, labels),
    ...optional('container_oom_events_total', memory.oomKills, labels),
    fault('pgfault', 'container', own),
    fault('pgfault', 'hierarchy', all),
    fault('pgmajfault', 'container', ownMajor),
    fault('pgmajfault', 'hierarchy', allMajor),
  ];
}

function deviceSamples(use: DeviceUse, labels: Labels, device: string): Sample[] {
  const [major, minor] = use.device.split(':') as [string, string];
  const onDevice = { ...labels, device };
  const moved = (operation: string, value: number | undefined) =>
    optional('container_blkio_device_usage_total', value, { ...onDevice, major, minor, operation });
  return [
    sample('container_fs_reads_bytes_total', use.readBytes, onDevice),
    sample('container_fs_writes_bytes_total', use.writeBytes, onDevice),
    sample('container_fs_reads_total', use.reads, onDevice),
    sample('container_fs_writes_total', use.writes, onDevice),
    ...optional('container_fs_io_time_seconds_total', use.ioSeconds, onDevice),
    ...moved('Read', use.readBytes),
    ...moved('Write', use.writeBytes),
    ...moved('Discard', use.discardBytes),
  ];
}

export function limitSamples(limits: Limits, labels: Labels): Sample[] {
  return [
    // A quota of 0 would read as "may use nothing"; no quota is no sample, as upstream has it.
    ...optional('container_spec_cpu_quota', limits.cpuQuotaMicroseconds || undefined, labels),
    ...optional('container_spec_cpu_period', limits.cpuPeriodMicroseconds, labels),
    ...optional('container_spec_cpu_shares', limits.cpuShares, labels),
    ...optional('container_spec_memory_limit_bytes', limits.memoryBytes, labels),
    ...optional('container_spec_memory_swap_limit_bytes', limits.swapBytes, labels),
    ...optional('container_spec_memory_reservation_limit_bytes', limits.reservationBytes, labels),
  ];
}

export function networkSamples(interfaces: readonly InterfaceUse[], labels: Labels): Sample[] {
  return interfaces.flatMap(({ name, ...directions }) =>
    (['receive', 'transmit'] as const).flatMap((direction) => {
      const { bytes, packets, errors, dropped } = directions[direction];
      const on = { ...labels, interface: name };
      return [
        sample(`container_network_${direction}_bytes_total`, bytes, on),
        sample(`container_network_${direction}_packets_total`, packets, on),
        sample(`container_network_${direction}_errors_total`, errors, on),
        sample(`container_network_${direction}_packets_dropped_total`, dropped, on),
      ];
    }),
  );
}
