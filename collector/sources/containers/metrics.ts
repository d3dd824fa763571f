// The container metrics under the names that cAdvisor gave them, and a few of our own.
import { counter, gauge, type Metric } from '../../../core/contracts/sample.ts';

const cpu: readonly Metric[] = [
  counter('container_cpu_usage_seconds_total', 'CPU time the container used, all CPUs together.'),
  counter('container_cpu_user_seconds_total', 'CPU time the container used in user mode.'),
  counter('container_cpu_system_seconds_total', 'CPU time the container used in kernel mode.'),
  counter('container_cpu_cfs_periods_total', 'Periods of the CPU quota that have passed.'),
  counter('container_cpu_cfs_throttled_periods_total', 'Periods in which the CPU quota was used up.'),
  counter(
    'container_cpu_cfs_throttled_seconds_total',
    'Time the container stood still because its CPU quota was used up.',
  ),
];

const memory: readonly Metric[] = [
  gauge(
    'container_memory_usage_bytes',
    'All memory charged to the container, page cache included (v2 memory.current, v1 usage_in_bytes).',
  ),
  gauge(
    'container_memory_working_set_bytes',
    'Memory that cannot be had back at once: max(0, memory.current - inactive_file) on cgroup v2, max(0, usage_in_bytes - total_inactive_file) on v1.',
  ),
  gauge('container_memory_rss', 'Anonymous memory (v2 anon, v1 total_rss), in bytes.'),
  gauge('container_memory_cache', 'Page cache (v2 file, v1 total_cache), in bytes.'),
  gauge('container_memory_swap', 'Swap in use, in bytes.'),
  gauge('container_memory_mapped_file', 'Mapped files (v2 file_mapped, v1 total_mapped_file), in bytes.'),
  gauge('container_memory_max_usage_bytes', 'Highest usage since the container started.'),
  counter('container_memory_failcnt', 'Times the memory limit was hit (v2 max of memory.events, v1 failcnt).'),
  counter('container_memory_failures_total', 'Page faults; scope hierarchy includes groups below the container.'),
  counter('container_oom_events_total', 'Processes of the container that were killed for want of memory.'),
];

const network: readonly Metric[] = (['receive', 'transmit'] as const).flatMap((direction) => [
  counter(
    `container_network_${direction}_bytes_total`,
    `Bytes, ${direction}, as the container's own namespace counts them.`,
  ),
  counter(`container_network_${direction}_packets_total`, `Packets, ${direction}.`),
  counter(`container_network_${direction}_errors_total`, `Errors, ${direction}.`),
  counter(`container_network_${direction}_packets_dropped_total`, `Packets dropped, ${direction}.`),
]);

const disk: readonly Metric[] = [
  counter('container_fs_reads_bytes_total', 'Bytes read from block devices.'),
  counter('container_fs_writes_bytes_total', 'Bytes written to block devices.'),
  counter('container_fs_reads_total', 'Reads from block devices.'),
  counter('container_fs_writes_total', 'Writes to block devices.'),
  counter(
    'container_fs_io_time_seconds_total',
    'Time block devices spent on the container; only cgroup v1 with an I/O scheduler keeps it.',
  ),
  counter('container_blkio_device_usage_total', 'Bytes moved to or from a block device, by operation.'),
];

const pressure: readonly Metric[] = (['cpu', 'memory', 'io'] as const).flatMap((resource) => [
  counter(
    `container_pressure_${resource}_waiting_seconds_total`,
    `Time in which at least one task waited for ${resource}.`,
  ),
  counter(`container_pressure_${resource}_stalled_seconds_total`, `Time in which every task waited for ${resource}.`),
]);

const life: readonly Metric[] = [
  gauge('container_last_seen', 'When the container was last seen, Unix time.'),
  gauge('container_start_time_seconds', 'When the container was last started, Unix time.'),
  gauge('container_health_state', 'Health check: 1 healthy, 0 starting or unhealthy, -1 has none.'),
  gauge(
    'container_health_starting',
    '1 while the health check has yet to succeed for the first time; absent without one.',
  ),
  gauge('container_restart_count', 'Times the engine restarted the container.'),
  gauge('container_identity_info', 'Always 1: the replica, deployment and shared model that a container belongs to.'),
  gauge('container_threads', 'Tasks in the container (pids.current).'),
];

const limits: readonly Metric[] = [
  gauge('container_spec_cpu_quota', 'CPU quota a period, in microseconds; absent without one.'),
  gauge('container_spec_cpu_period', 'Period of the CPU quota, in microseconds.'),
  gauge('container_spec_cpu_shares', 'Weight of the container where CPUs are short.'),
  gauge('container_spec_memory_limit_bytes', 'Memory limit; 0 is no limit.'),
  gauge('container_spec_memory_swap_limit_bytes', 'Swap limit (with memory on cgroup v1); 0 is no limit.'),
  gauge('container_spec_memory_reservation_limit_bytes', 'Memory reservation; 0 is none.'),
];

const machineFacts: readonly Metric[] = [
  gauge('container_engine_up', '1 while the container engine answers, 0 while it does not or there is none.'),
  gauge('container_read_failures', 'Running containers whose control group could not be understood at this scrape.'),
  gauge('machine_cpu_cores', 'CPUs of the machine.'),
  gauge('machine_memory_bytes', 'Memory of the machine.'),
  gauge('machine_swap_bytes', 'Swap of the machine.'),
  gauge('cadvisor_version_info', 'Always 1: versions of kernel, system and container engine.'),
];

export const containerMetrics: readonly Metric[] = [
  ...cpu,
  ...memory,
  ...network,
  ...disk,
  ...pressure,
  ...life,
  ...limits,
  ...machineFacts,
];
