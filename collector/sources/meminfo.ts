// Memory as /proc/meminfo tells it; each field keeps its name, amounts in kB become bytes.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { pairsOf } from '../procfs.ts';
import type { Source } from '../source.ts';

/** Every field that kernels up to 6.18 print in kB, as node_exporter writes it: `Active(anon)` is Active_anon. */
const amounts = (
  'MemTotal MemFree MemAvailable Buffers Cached SwapCached Active Inactive Active_anon Inactive_anon Active_file ' +
  'Inactive_file Unevictable Mlocked HighTotal HighFree LowTotal LowFree MmapCopy SwapTotal SwapFree Zswap Zswapped ' +
  'Dirty Writeback AnonPages Mapped Shmem KReclaimable Slab SReclaimable SUnreclaim KernelStack ShadowCallStack ' +
  'PageTables SecPageTables NFS_Unstable Bounce WritebackTmp CommitLimit Committed_AS VmallocTotal VmallocUsed ' +
  'VmallocChunk Percpu HardwareCorrupted EarlyMemtestBad AnonHugePages ShmemHugePages ShmemPmdMapped FileHugePages ' +
  'FilePmdMapped CmaTotal CmaFree Unaccepted Balloon GPUActive GPUReclaim Hugepagesize Hugetlb DirectMap4k DirectMap2M DirectMap4M DirectMap1G'
).split(' ');
const counts = ['HugePages_Total', 'HugePages_Free', 'HugePages_Rsvd', 'HugePages_Surp'];

const served = new Set([
  ...amounts.map((name) => `node_memory_${name}_bytes`),
  ...counts.map((name) => `node_memory_${name}`),
]);

export const meminfo: Source = {
  name: 'meminfo',
  metrics: [
    ...amounts.map((name) => gauge(`node_memory_${name}_bytes`, `${name} of /proc/meminfo, in bytes.`)),
    ...counts.map((name) => gauge(`node_memory_${name}`, `${name} of /proc/meminfo, in pages of Hugepagesize.`)),
  ],
  read({ readText }) {
    const samples: Sample[] = [];
    for (const [key, value] of pairsOf(readText('/proc/meminfo'))) {
      const amount = value.endsWith(' kB');
      const metric = `node_memory_${key.replace('(', '_').replace(')', '')}${amount ? '_bytes' : ''}`;
      if (!served.has(metric)) continue;
      samples.push(sample(metric, amount ? parseInteger(value.slice(0, -3)) * 1024 : parseInteger(value)));
    }
    return samples;
  },
};
