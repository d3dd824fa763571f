// What a collector says about the processes of its machine at GET /v1/processes: one snapshot, in pages of 2 MB.
// Every fact but pid and argv may be absent: absent is "could not be read", never false, 0 or empty.
import { z } from 'zod';

const port = z.int().min(1).max(65_535);
const path = z.string().max(4_096);

/** The container that a process runs in, as far as cgroup and engine tell. */
const containerFacts = z.object({
  id: z.string().max(128).optional(),
  name: z.string().max(256),
  image: z.string().max(512).optional(),
  privileged: z.boolean().optional(),
  /** Folders of the host that are mounted into the container, as the host names them. */
  hostMounts: z.array(path).max(256).optional(),
});

export const processFacts = z.object({
  pid: z.int().min(1).max(4_194_304),
  ppid: z.int().min(0).max(4_194_304).optional(),
  /** Unix seconds; pid and start together name a process for as long as the machine runs. */
  startedAtSeconds: z.number().nonnegative().optional(),
  /** /proc/PID/comm: 15 characters for a program, a few more for a kernel thread. */
  comm: z.string().max(64).optional(),
  /** Where /proc/PID/exe points, without the " (deleted)" that the kernel adds. */
  exe: path.optional(),
  exeDeleted: z.boolean().optional(),
  exeSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** True where the file of exe is not part of the container's image, but was written into its top layer. */
  exeOutsideImage: z.boolean().optional(),
  /** Redacted by the collector, before it leaves the machine. Empty for a kernel thread and a zombie. */
  argv: z.array(z.string().max(131_072)).max(32_768),
  argvTruncated: z.boolean().optional(),
  kernelThread: z.boolean().optional(),
  uid: z.int().nonnegative().optional(),
  euid: z.int().nonnegative().optional(),
  /** Null on the host itself. */
  container: containerFacts.nullable().optional(),
  /** True where descriptors 0, 1 and 2 are one and the same socket. */
  stdioIsOneSocket: z.boolean().optional(),
  /** The other end of that socket, "address:port", where it is an internet socket. */
  stdioPeer: z.string().max(64).optional(),
  listeningPorts: z.array(port).max(1_024).optional(),
  /** Ports at the other end of established connections. */
  remotePorts: z.array(port).max(1_024).optional(),
  /** Cores in use since the previous snapshot: 1 is one core kept busy. */
  cpuCores: z.number().nonnegative().optional(),
  gpuRatio: z.number().min(0).max(1).optional(),
  /** The value of LD_PRELOAD in the environment; empty where the environment was read and has none. */
  ldPreload: z.string().max(4_096).optional(),
});

export const processPage = z.object({
  instance: z.string().min(1).max(253),
  takenAtSeconds: z.number().nonnegative(),
  /** The longest time that a process could have lived unseen: the step between snapshots. */
  scanGapSeconds: z.number().nonnegative(),
  processes: z.array(processFacts).max(20_000),
  /** Processes of this snapshot that are in no page because a cap was reached. */
  omitted: z.int().nonnegative(),
  /** For the next page of the same snapshot; null on the last one. */
  nextCursor: z.string().max(256).nullable(),
});

export type ContainerFacts = z.infer<typeof containerFacts>;
export type ProcessFacts = z.infer<typeof processFacts>;
export type ProcessPage = z.infer<typeof processPage>;
