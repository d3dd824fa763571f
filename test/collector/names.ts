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

/** Every name that a pattern stands for. */
export function expandNames(pattern: string): string[] {
  const [, before = '', parts, after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  if (parts === undefined) return [pattern];
  return parts.split(',').flatMap((part) => expandNames(before + part + after));
}
