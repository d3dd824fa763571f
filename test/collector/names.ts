// The names, types and labels that dashboards of node_exporter ask for; braces stand for each of their parts.

export interface NameRow {
  family: string;
  type: 'counter' | 'gauge' | 'untyped';
  labels: readonly string[];
  names: string;
}

const row = (family: string, type: NameRow['type'], labels: string, names: string): NameRow => ({
  family,
  type,
  labels: labels.split(' ').filter((label) => label !== ''),
  names,
});

export const nodeNames: readonly NameRow[] = [
  row('CPU seconds', 'counter', 'cpu mode', 'node_cpu_{seconds,guest_seconds}_total'),
  row('scheduler', 'counter', 'cpu', 'node_schedstat_{running_seconds,waiting_seconds,timeslices}_total'),
  row('CPU frequency', 'gauge', 'cpu', 'node_cpu_scaling_frequency_{min_,max_,}hertz'),
  row('load', 'gauge', '', 'node_load{1,5,15}'),
  row(
    'pressure',
    'counter',
    '',
    'node_pressure_{cpu_waiting,memory_waiting,memory_stalled,io_waiting,io_stalled,irq_stalled}_seconds_total',
  ),
  row(
    'system',
    'gauge',
    '',
    'node_{boot_time_seconds,time_seconds,procs_running,procs_blocked,filefd_allocated,filefd_maximum,entropy_available_bits,entropy_pool_size_bits}',
  ),
  row('uname', 'gauge', 'sysname release version machine nodename domainname', 'node_uname_info'),
  row('kernel counters', 'counter', '', 'node_{context_switches,intr,forks}_total'),
  row(
    'memory',
    'gauge',
    '',
    'node_memory_{MemTotal,MemFree,MemAvailable,Buffers,Cached,SwapTotal,SwapFree,SwapCached,Slab,SReclaimable,SUnreclaim,PageTables,Shmem,Mapped,Active,Inactive,Dirty,Writeback,AnonPages,Committed_AS,CommitLimit,KernelStack,HardwareCorrupted,Hugepagesize}_bytes',
  ),
  row('huge pages', 'gauge', '', 'node_memory_HugePages_{Total,Free,Rsvd,Surp}'),
  row('paging', 'untyped', '', 'node_vmstat_{pgpgin,pgpgout,pswpin,pswpout,pgfault,pgmajfault,oom_kill}'),
  row(
    'filesystems',
    'gauge',
    'device mountpoint fstype',
    'node_filesystem_{size_bytes,free_bytes,avail_bytes,files,files_free,readonly,device_error}',
  ),
  row(
    'network',
    'counter',
    'device',
    'node_network_{receive,transmit}_{bytes,packets,errs,drop,fifo,compressed}_total',
  ),
  row(
    'network, one way',
    'counter',
    'device',
    'node_network_{receive_frame,receive_multicast,receive_nohandler,transmit_carrier,transmit_colls}_total',
  ),
  row('interfaces', 'gauge', 'device', 'node_network_{up,carrier,mtu_bytes,speed_bytes}'),
  row('disks', 'counter', 'device', 'node_disk_{reads,writes}_{completed,merged}_total'),
  row(
    'disk bytes and times',
    'counter',
    'device',
    'node_disk_{read_bytes,written_bytes,read_time_seconds,write_time_seconds,io_time_seconds,io_time_weighted_seconds}_total',
  ),
  row(
    'discards and flushes',
    'counter',
    'device',
    'node_disk_{discards_completed,discards_merged,discarded_sectors,discard_time_seconds,flush_requests,flush_requests_time_seconds}_total',
  ),
  row('requests in progress', 'gauge', 'device', 'node_disk_io_now'),
  row(
    'the process itself',
    'gauge',
    '',
    'process_{resident_memory_bytes,virtual_memory_bytes,virtual_memory_max_bytes,open_fds,max_fds,start_time_seconds}',
  ),
  row('its CPU time', 'counter', '', 'process_cpu_seconds_total'),
  row(
    'memory, second tier',
    'gauge',
    '',
    'node_memory_{Active_anon,Active_file,Inactive_anon,Inactive_file,AnonHugePages,DirectMap1G,DirectMap2M,DirectMap4k,Mlocked,NFS_Unstable,Percpu,ShmemHugePages,ShmemPmdMapped,Unevictable,VmallocChunk,VmallocTotal,VmallocUsed,WritebackTmp,Zswap,Zswapped}_bytes',
  ),
  row(
    'TCP',
    'untyped',
    '',
    'node_netstat_Tcp_{CurrEstab,ActiveOpens,PassiveOpens,RetransSegs,InSegs,OutSegs,InErrs,OutRsts,MaxConn}',
  ),
  row(
    'TCP, extended',
    'untyped',
    '',
    'node_netstat_TcpExt_{ListenDrops,ListenOverflows,TCPSynRetrans,TCPTimeouts,TCPRcvQDrop,TCPOFOQueue,SyncookiesSent,SyncookiesRecv,SyncookiesFailed}',
  ),
  row('UDP', 'untyped', '', 'node_netstat_Udp_{InDatagrams,OutDatagrams,InErrors,NoPorts,RcvbufErrors,SndbufErrors}'),
  row(
    'IP and ICMP',
    'untyped',
    '',
    'node_netstat_{UdpLite_InErrors,Icmp_InMsgs,Icmp_OutMsgs,Icmp_InErrors,IpExt_InOctets,IpExt_OutOctets}',
  ),
  row(
    'sockets',
    'gauge',
    '',
    'node_sockstat_{sockets_used,TCP_inuse,TCP_mem,TCP_mem_bytes,UDP_inuse,UDP_mem,UDP_mem_bytes,TCP_alloc,TCP_tw,TCP_orphan,UDPLITE_inuse,RAW_inuse,FRAG_inuse,FRAG_memory}',
  ),
  row('tracked connections', 'gauge', '', 'node_nf_conntrack_{entries,entries_limit}'),
  row('ARP', 'gauge', 'device', 'node_arp_entries'),
  row('UDP queues', 'gauge', 'ip queue', 'node_udp_queues'),
  row(
    'softnet',
    'counter',
    'cpu',
    'node_softnet_{processed,dropped,times_squeezed,received_rps,flow_limit_count}_total',
  ),
  row('temperatures', 'gauge', 'chip sensor', 'node_hwmon_temp_{max_,crit_,crit_hyst_,crit_alarm_,}celsius'),
  row('fans', 'gauge', 'chip sensor', 'node_hwmon_fan_{min_,}rpm'),
  row('chips', 'gauge', 'chip chip_name', 'node_hwmon_chip_names'),
  row('cooling', 'gauge', 'name type', 'node_cooling_device_{cur,max}_state'),
  row('power supplies', 'gauge', 'power_supply', 'node_power_supply_online'),
  row('energy', 'counter', 'index path', 'node_rapl_{package,core,dram}_joules_total'),
  row(
    'clock',
    'gauge',
    '',
    'node_timex_{sync_status,offset_seconds,maxerror_seconds,estimated_error_seconds,frequency_adjustment_ratio,loop_time_constant,tick_seconds,tai_offset_seconds}',
  ),
  row('pulse per second', 'gauge', '', 'node_timex_pps_{frequency_hertz,stability_hertz,jitter_seconds,shift_seconds}'),
  row('pulse per second, counted', 'counter', '', 'node_timex_pps_{calibration,error,jitter,stability_exceeded}_total'),
  row('units', 'gauge', 'state', 'node_systemd_units'),
  row('socket units', 'gauge', 'name', 'node_systemd_socket_current_connections'),
  row('socket units, counted', 'counter', 'name', 'node_systemd_socket_{accepted,refused}_connections_total'),
  row('interrupts', 'counter', 'cpu type info devices', 'node_interrupts_total'),
  row('TCP states', 'gauge', 'state', '{node_,}tcp_connection_states'),
  row('textfiles', 'gauge', '', 'node_textfile_scrape_error'),
  row('hung tasks', 'counter', '', 'node_kernel_hung_tasks_total'),
  row('hung tasks as a dashboard asks', 'gauge', '', 'node_kernel_hung_tasks'),
  row('DNS', 'gauge', 'server name', 'dns_resolution_{duration_seconds,success}'),
];

/** What dashboards of cAdvisor ask for, and our own beside them. */
const containerPatterns = [
  'container_cpu_{usage_seconds,user_seconds,system_seconds,cfs_periods,cfs_throttled_periods,cfs_throttled_seconds}_total',
  'container_network_{receive,transmit}_{bytes,packets,errors,packets_dropped}_total',
  'container_fs_{reads,writes}_{bytes_,}total',
  'container_{fs_io_time_seconds_total,blkio_device_usage_total,fs_usage_bytes,fs_limit_bytes}',
  'container_memory_{failcnt,failures_total,usage_bytes,working_set_bytes,rss,cache,swap,mapped_file,max_usage_bytes}',
  'container_{oom_events_total,last_seen,start_time_seconds,health_state,restart_count}',
  'container_pressure_{cpu,memory,io}_{waiting,stalled}_seconds_total',
  'container_spec_cpu_{quota,period,shares}',
  'container_spec_memory_{limit,swap_limit,reservation_limit}_bytes',
  'container_{processes,threads,file_descriptors,sockets,tasks_state}',
  '{machine_cpu_cores,machine_memory_bytes,machine_swap_bytes,cadvisor_version_info}',
];

/** What dashboards of nvidia_gpu_exporter ask for and nvidia-smi can tell, the health of reading it, and the first system's names. */
const gpuPatterns = [
  'nvidia_smi_{gpu_info,index,pstate,compute_mode,fan_speed_ratio,gpu_recovery_action,fabric_state}',
  'nvidia_smi_utilization_{gpu,memory,encoder,decoder}_ratio',
  'nvidia_smi_memory_{total,used,free,reserved}_bytes',
  'nvidia_smi_temperature_{gpu,memory}',
  'nvidia_smi_{power_draw,power_limit,power_default_limit,enforced_power_limit}_watts',
  'nvidia_smi_clocks_current_{graphics,sm,memory,video}_clock_hz',
  'nvidia_smi_clocks_max_{graphics,memory}_clock_hz',
  'nvidia_smi_clocks_{event,throttle}_reasons_{gpu_idle,applications_clocks_setting,sync_boost,sw_power_cap,sw_thermal_slowdown,hw_thermal_slowdown,hw_power_brake_slowdown}',
  'nvidia_smi_{ecc_errors_uncorrected_aggregate_total,pcie_link_gen_current,pcie_link_width_current}',
  'nvidia_smi_{compute_app_info,compute_app_used_memory_bytes,compute_apps}',
  'nvidia_smi_{last_collect_success,compute_apps_last_collect_success,failed_scrapes_total,command_exit_code}',
  '{gpu_collector_up,nvidia_gpu_temperature_celsius,nvidia_gpu_power_draw_watts,nvidia_gpu_utilization_gpu,node_gpu_power_watts}',
];

const processPatterns = [
  'namedprocess_namegroup_{num_procs,memory_bytes,open_filedesc,worst_fd_ratio,num_threads,oldest_start_time_seconds,states}',
  'namedprocess_namegroup_{cpu_seconds,read_bytes,write_bytes,context_switches,major_page_faults,minor_page_faults}_total',
];

/** About the collector itself and its machine. */
const ownPatterns = [
  'node_scrape_collector_{success,duration_seconds}',
  'collector_{source_last_success_timestamp_seconds,series_dropped_total}',
  'machine_inventory_info',
];

/** Written down here and not taken from the sources: a name that goes missing there is missed. */
export const promisedNames: readonly string[] = [
  ...nodeNames.flatMap(({ names }) => expandNames(names)),
  ...[...containerPatterns, ...gpuPatterns, ...processPatterns, ...ownPatterns].flatMap(expandNames),
];

/** Every name that a pattern stands for. */
export function expandNames(pattern: string): string[] {
  const [, before = '', parts, after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  if (parts === undefined) return [pattern];
  return parts.split(',').flatMap((part) => expandNames(before + part + after));
}
