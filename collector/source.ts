// What a source is, and what it may ask of the machine; every file under sources/ is written against these types.
import type { Metric, Sample } from '../core/contracts/sample.ts';
import type { CommandResult } from '../core/runtime/program.ts';

export type { CommandResult };

import type { Steps } from './steps.ts';

/**
 * Turns what one part of the machine says into samples.
 * It formats nothing and catches nothing it cannot explain: the loop around it times it and exports its success.
 */
export interface Source {
  /** The name in `collect[]`, in settings and in the self-metrics; the same as node_exporter's where both have it. */
  name: string;
  metrics: readonly Metric[];
  /** Read in the background every so often instead of during the scrape; for what is slow or may hang. */
  intervalSeconds?: number;
  /** Longest a read may take before it counts as failed; 0.8 s unless told. */
  deadlineSeconds?: number;
  /** Off unless the settings turn it on. */
  optional?: boolean;
  read(machine: Machine): Sample[] | Promise<Sample[]>;
  /** The same read with room for other work: for sources whose cost grows with the machine. */
  readInSteps?(machine: Machine): Steps<Sample[]>;
}

export interface FilesystemUse {
  blockBytes: number;
  blocks: number;
  blocksFree: number;
  blocksAvailable: number;
  files: number;
  filesFree: number;
}

/** What a source sees of the machine. Paths are the host's own: an edge adds the prefix where the host root is mounted elsewhere. */
export interface Machine {
  /** A file of /proc, /sys or /etc as text. Synchronous on purpose: these never wait for a disk, and a thread hop costs ten times the read. Throws where the file is missing or refused. */
  readText(path: string): string;
  /** The same for files that do not exist everywhere: undefined when missing (ENOENT, ENODEV, EOPNOTSUPP …), throws when refused or broken. */
  readTextIfThere(path: string): string | undefined;
  /** A file that may be slow to read (sensors on a bus); never blocks the loop. */
  readTextSlowly(path: string): Promise<string>;
  /** Names in a directory; throws where it is missing. */
  list(path: string): string[];
  /** Names in a directory, empty when it is missing. */
  listIfThere(path: string): string[];
  /** Target of a symbolic link; undefined when missing or refused. */
  linkTarget(path: string): string | undefined;
  /**
   * Space and inodes of a mounted filesystem; one that is not local may hang on its server. Rejects with code ETIMEDOUT when a dead mount does
   * not answer, and at once while it hangs still; with EAGAIN where it was not asked, because too many others hang.
   */
  filesystemUse(path: string, timeoutSeconds: number, isLocal: boolean): Promise<FilesystemUse>;
  /** Runs a program without a shell, with a deadline and an output bound; rejects when it cannot be started, is late or says too much. */
  run(
    file: string,
    args: readonly string[],
    limits: { timeoutSeconds: number; outputBytesMax: number },
  ): Promise<CommandResult>;
  /**
   * SHA-256 in hex of the program behind /proc/PID/exe; undefined where it cannot be read, is huge, or takes longer than told,
   * and with `onlyKnown` where it was not hashed before.
   */
  programHash(path: string, limits: { timeoutSeconds: number; onlyKnown: boolean }): Promise<string | undefined>;
  /** GET on the Docker API; the parsed JSON. Rejects when there is no engine, it is late, or it answers anything but 200. */
  dockerGet(path: string, timeoutSeconds: number): Promise<unknown>;
  /** One DNS query of the A record through one server (`address` or `address:port`); resolves when it succeeded. */
  resolve(server: string, name: string, timeoutSeconds: number): Promise<void>;
  /** Seconds since the epoch. */
  unixSeconds(): number;
  /** Monotonic seconds; only differences mean something. */
  monotonicSeconds(): number;
  /** CPUs the kernel shows. */
  cpuCount: number;
  /** Kernel ticks a second (`getconf CLK_TCK`). */
  clockTicks: number;
  pageBytes: number;
  /** As `uname -m` prints it: x86_64, aarch64. */
  architecture: string;
}
