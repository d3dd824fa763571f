// A machine that has everything: the files, links and answers of a server with sensors, systemd, a firewall and pressure.
import type { FakeMachineOptions } from '../fakes/machine.ts';

const zeros = (count: number, text = '0') => Array.from({ length: count }, () => text).join(' ');
const socketHeader =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const socket = (local: string, remote: string, state: string) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 1234 1 0000000000000000 100 0 0 10 0\n`;
const pressure =
  'some avg10=0.00 avg60=0.00 avg300=0.00 total=12345\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=678\n';

const memory = (
  'MemTotal MemFree MemAvailable Buffers Cached SwapCached Active Inactive Active(anon) Inactive(anon) Active(file) Inactive(file) ' +
  'Unevictable Mlocked SwapTotal SwapFree Zswap Zswapped Dirty Writeback AnonPages Mapped Shmem KReclaimable Slab SReclaimable ' +
  'SUnreclaim KernelStack PageTables NFS_Unstable Bounce WritebackTmp CommitLimit Committed_AS VmallocTotal VmallocUsed VmallocChunk ' +
  'Percpu HardwareCorrupted AnonHugePages ShmemHugePages ShmemPmdMapped Hugepagesize Hugetlb DirectMap4k DirectMap2M DirectMap1G'
)
  .split(' ')
  .map((name, at) => `${name}:${String(1000 + at).padStart(12)} kB`)
  .concat(
    'HugePages_Total:       0',
    'HugePages_Free:        0',
    'HugePages_Rsvd:        0',
    'HugePages_Surp:        0',
  )
  .join('\n');

const network = {
  '/proc/net/dev': `Inter-|   Receive   |  Transmit\n face |bytes packets|bytes packets\n    lo: ${zeros(16, '1')}\n  eth0: ${zeros(16, '22')}\n`,
  '/sys/class/net/eth0/statistics/rx_nohandler': '0\n',
  '/sys/class/net/eth0/operstate': 'up\n',
  '/sys/class/net/eth0/carrier': '1\n',
  '/sys/class/net/eth0/mtu': '1500\n',
  '/sys/class/net/eth0/speed': '10000\n',
  '/proc/net/arp':
    'IP address       HW type     Flags       HW address            Mask     Device\n10.0.0.1         0x1         0x2         02:fc:00:00:00:05     *        eth0\n',
  '/proc/sys/net/netfilter/nf_conntrack_count': '12\n',
  '/proc/sys/net/netfilter/nf_conntrack_max': '65536\n',
  '/proc/net/sockstat':
    'sockets: used 18\nTCP: inuse 2 orphan 0 tw 12 alloc 2 mem 90\nUDP: inuse 1 mem 1\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n',
  '/proc/net/sockstat6': 'TCP6: inuse 1\nUDP6: inuse 0\nUDPLITE6: inuse 0\nRAW6: inuse 0\nFRAG6: inuse 0 memory 0\n',
  '/proc/net/softnet_stat': `${Array.from({ length: 13 }, (_, at) => at.toString(16).padStart(8, '0')).join(' ')}\n`,
  '/proc/net/tcp':
    socketHeader + socket('0100007F:1F90', '00000000:0000', '0A') + socket('0100007F:1F90', '0100007F:C350', '01'),
  '/proc/net/tcp6': socketHeader + socket(`${'0'.repeat(32)}:0016`, `${'0'.repeat(32)}:0000`, '0A'),
  '/proc/net/udp': socketHeader + socket('00000000:0044', '00000000:0000', '07'),
  '/proc/net/udp6': socketHeader,
  '/proc/net/netstat':
    'TcpExt: SyncookiesSent SyncookiesRecv SyncookiesFailed ListenOverflows ListenDrops TCPTimeouts TCPSynRetrans TCPRcvQDrop TCPOFOQueue\n' +
    'TcpExt: 1 2 3 4 5 6 7 8 9\nIpExt: InOctets OutOctets\nIpExt: 10 11\n',
  '/proc/net/snmp':
    'Ip: Forwarding DefaultTTL\nIp: 1 64\nIcmp: InMsgs InErrors OutMsgs\nIcmp: 1 0 1\n' +
    'Tcp: RtoAlgorithm MaxConn ActiveOpens PassiveOpens CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts\nTcp: 1 -1 2 3 4 5 6 7 8 9\n' +
    'Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors\nUdp: 1 2 3 4 5 6\nUdpLite: InErrors\nUdpLite: 0\n',
  '/proc/net/snmp6': 'Ip6InOctets    \t6\nIp6OutOctets\t7\nIcmp6InMsgs\t7\nUdp6NoPorts\t8\nUdpLite6InErrors\t9\n',
  '/etc/resolv.conf': 'nameserver 127.0.0.53\n',
};

const kernel = {
  '/proc/stat':
    'cpu  4507 3191 4009 143018 390 0 82 7 0 0\ncpu0 1598 1155 1535 73278 18 0 15 2 0 0\ncpu1 2908 2036 2474 69740 371 0 67 4 0 0\n' +
    'intr 441812 0 0\nctxt 1050838\nbtime 1795255624\nprocesses 9536\nprocs_running 4\nprocs_blocked 0\nsoftirq 197925 0\n',
  '/proc/schedstat': 'version 15\ntimestamp 4295\ncpu0 0 0 0 0 0 0 1500000000 250000000 42\n',
  '/proc/loadavg': '0.21 0.37 0.39 1/719 19737\n',
  '/proc/meminfo': `${memory}\n`,
  '/proc/vmstat': 'nr_free_pages 5\npgpgin 1\npgpgout 2\npswpin 3\npswpout 4\npgfault 5\npgmajfault 6\noom_kill 7\n',
  '/proc/diskstats': `   8       0 sda ${zeros(17, '33')}\n   8       1 sda1 ${zeros(17, '1')}\n`,
  '/proc/1/mounts': '/dev/sda1 / ext4 rw,relatime 0 0\nproc /proc proc rw 0 0\nnas:/x /nas nfs4 ro 0 0\n',
  '/proc/1/comm': 'systemd\n',
  '/proc/pressure/cpu': pressure,
  '/proc/pressure/memory': pressure,
  '/proc/pressure/io': pressure,
  '/proc/pressure/irq': 'full avg10=0.00 avg60=0.00 avg300=0.00 total=5\n',
  '/proc/interrupts':
    '           CPU0       CPU1\n 24:       1          2   PCI-MSI 512-edge      eth0\nLOC:      30         40   Local timer interrupts\n',
  '/proc/cpuinfo': 'vendor_id\t: GenuineIntel\nmodel name\t: Xeon\n',
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n',
  '/proc/sys/fs/file-nr': '1024\t0\t9223372036854775807\n',
  '/proc/sys/kernel/random/entropy_avail': '256\n',
  '/proc/sys/kernel/random/poolsize': '256\n',
  '/proc/sys/kernel/hung_task_detect_count': '0\n',
  '/proc/sys/kernel/domainname': '(none)\n',
  '/proc/sys/kernel/hostname': 'web-1\n',
  '/proc/sys/kernel/osrelease': '6.12.0\n',
  '/proc/sys/kernel/ostype': 'Linux\n',
  '/proc/sys/kernel/version': '#1 SMP\n',
  '/proc/self/stat': `12 (a) (b) S ${Array.from({ length: 49 }, (_, at) => at).join(' ')}\n`,
  '/proc/self/limits':
    'Limit  Soft  Hard\nMax open files            1024                 4096                 files\nMax address space         unlimited            unlimited            bytes\n',
  '/proc/self/fd/0': '',
};

const hardware = {
  '/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '2600000\n',
  '/sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq': '800000\n',
  '/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq': '3500000\n',
  '/sys/class/hwmon/hwmon0/name': 'coretemp\n',
  '/sys/class/hwmon/hwmon0/temp1_input': '45000\n',
  '/sys/class/hwmon/hwmon0/temp1_max': '80000\n',
  '/sys/class/hwmon/hwmon0/temp1_crit': '100000\n',
  '/sys/class/hwmon/hwmon0/temp1_crit_hyst': '95000\n',
  '/sys/class/hwmon/hwmon0/temp1_crit_alarm': '0\n',
  '/sys/class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
  '/sys/class/hwmon/hwmon0/fan1_input': '1200\n',
  '/sys/class/hwmon/hwmon0/fan1_min': '300\n',
  '/sys/class/thermal/thermal_zone0/type': 'acpitz\n',
  '/sys/class/thermal/thermal_zone0/temp': '27800\n',
  '/sys/class/thermal/cooling_device0/type': 'Processor\n',
  '/sys/class/thermal/cooling_device0/cur_state': '0\n',
  '/sys/class/thermal/cooling_device0/max_state': '10\n',
  '/sys/class/power_supply/AC/online': '1\n',
  '/sys/class/powercap/intel-rapl:0/name': 'package-0\n',
  '/sys/class/powercap/intel-rapl:0/energy_uj': '1500000\n',
  '/sys/class/powercap/intel-rapl:0:0/name': 'core\n',
  '/sys/class/powercap/intel-rapl:0:0/energy_uj': '1500000\n',
  '/sys/class/powercap/intel-rapl:0:1/name': 'dram\n',
  '/sys/class/powercap/intel-rapl:0:1/energy_uj': '1500000\n',
};

export const textfileFolder = '/var/lib/textfile';

export const hostFiles: Readonly<Record<string, string>> = {
  ...network,
  ...kernel,
  ...hardware,
  [`${textfileFolder}/backup.prom`]:
    '# TYPE backup_age_seconds gauge\nbackup_age_seconds{job="db",path="C:\\\\x"} 60\n',
};

const use = { blockBytes: 4096, blocks: 100, blocksFree: 50, blocksAvailable: 40, files: 10, filesFree: 7 };

export const hostOptions: FakeMachineOptions = {
  links: { '/sys/class/hwmon/hwmon0/device': '../../../coretemp.0' },
  filesystems: { '/': use, '/nas': use },
  dns: { '127.0.0.53 localhost': true },
  commands: {
    perl: { stdout: '0 250000 65536000 16000000 500000 1 7 1 32768000 1 2 10000 3 4 5 6 7 8 9 10 37' },
    'systemctl list-units --all --plain --no-legend --no-pager': { stdout: 'ssh.service loaded active running SSH\n' },
    'systemctl show --property=Id,NAccepted,NConnections,NRefused *.socket': {
      stdout: 'Id=ssh.socket\nNAccepted=3\nNConnections=1\nNRefused=0\n',
    },
  },
};
