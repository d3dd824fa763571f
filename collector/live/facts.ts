// The facts of one process, redacted here and now: nothing of a command line is kept or sent as it was.
import type { ContainerFacts, ProcessFacts } from '../../core/contracts/processes.ts';
import { redactArgv } from '../../core/lib/redact.ts';
import type { Machine } from '../source.ts';
import { containerIds, parseProcessCgroup } from '../sources/containers/cgroup-path.ts';
import type { Container } from '../sources/containers/engine.ts';
import { parseStatus } from '../sources/processes/proc-files.ts';
import type { Seen } from '../sources/processes/scan.ts';

/** What does not change while a process lives, or not without a new program. */
export interface Lasting {
  startTicks: number;
  exe: string | undefined;
  containerId: string | undefined;
  ldPreload: string | undefined;
  exeOutsideImage: boolean | undefined;
  /** Of the snapshot before, for the share of a core since then. */
  ticks: number;
  atSeconds: number;
}

/** Characters of all arguments of one process that are kept; a command line may be 2 MB. */
export const argvLengthMax = 32_768;
const argvItemsMax = 4_096;
const deletedMark = ' (deleted)';

/** Reads what the process shows of itself. Undefined when it has ended; kernel threads have little to show. */
export function readFacts(
  machine: Machine,
  { pid, stat }: Seen,
  bootSeconds: number,
  before: Lasting | undefined,
): { facts: ProcessFacts; lasting: Lasting } | undefined {
  const link = stat.kernelThread ? undefined : machine.linkTarget(`/proc/${pid}/exe`);
  const exeDeleted = link?.endsWith(deletedMark) ?? false;
  const exe = exeDeleted ? link!.slice(0, -deletedMark.length) : link;
  const known = before?.startTicks === stat.startTicks && before.exe === exe ? before : undefined;
  const raw = stat.kernelThread ? '' : machine.readTextIfThere(`/proc/${pid}/cmdline`);
  if (raw === undefined) return undefined;
  const { argv, argvTruncated } = parseArgv(raw);
  const status = stat.kernelThread ? undefined : parseStatus(machine.readTextIfThere(`/proc/${pid}/status`) ?? '');
  const ticks = stat.userTicks + stat.systemTicks;
  const atSeconds = machine.monotonicSeconds();
  const lasting: Lasting = { ...(known ?? readLasting(machine, pid, stat.startTicks, exe)), ticks, atSeconds };
  const facts: ProcessFacts = {
    pid,
    ppid: stat.ppid,
    startedAtSeconds: bootSeconds + stat.startTicks / machine.clockTicks,
    comm: stat.comm.slice(0, 64),
    argv,
    kernelThread: stat.kernelThread,
    ...(argvTruncated && { argvTruncated }),
    ...(exe !== undefined && { exe: exe.slice(0, 4_096), exeDeleted }),
    ...(status?.uid !== undefined && { uid: status.uid }),
    ...(status?.euid !== undefined && { euid: status.euid }),
    ...(lasting.ldPreload !== undefined && { ldPreload: lasting.ldPreload }),
    ...(lasting.exeOutsideImage !== undefined && { exeOutsideImage: lasting.exeOutsideImage }),
    ...(before?.startTicks === stat.startTicks &&
      atSeconds > before.atSeconds && {
        cpuCores: Math.max(0, ticks - before.ticks) / machine.clockTicks / (atSeconds - before.atSeconds),
      }),
  };
  return { facts, lasting };
}

/** Arguments end in NUL; programs that rewrite their title leave blanks and no NULs. Cut before it is redacted, and again after. */
export function parseArgv(raw: string): { argv: string[]; argvTruncated: boolean } {
  const text = raw.slice(0, 2 * argvLengthMax).replace(/\0+$/, '');
  if (text === '') return { argv: [], argvTruncated: false };
  let left = argvLengthMax;
  const argv: string[] = [];
  const all = redactArgv(text.split('\0').slice(0, argvItemsMax));
  for (const argument of all) {
    if (left <= 0) break;
    argv.push(argument.slice(0, left).toWellFormed());
    left -= argument.length;
  }
  return { argv, argvTruncated: left < 0 || argv.length < all.length || raw.length > 2 * argvLengthMax };
}

function readLasting(
  machine: Machine,
  pid: number,
  startTicks: number,
  exe: string | undefined,
): Omit<Lasting, 'ticks' | 'atSeconds'> {
  const path = parseProcessCgroup(machine.readTextIfThere(`/proc/${pid}/cgroup`) ?? '') ?? '';
  const containerId = containerIds(path).at(-1);
  return {
    startTicks,
    exe,
    containerId,
    ldPreload: exe === undefined ? undefined : readLdPreload(machine, pid),
    exeOutsideImage: containerId === undefined || exe === undefined ? undefined : isOutsideImage(machine, pid, exe),
  };
}

/** Of the whole environment only this one value is looked at, and only it is kept. */
function readLdPreload(machine: Machine, pid: number): string | undefined {
  const environment = ifAllowed(() => machine.readTextIfThere(`/proc/${pid}/environ`));
  if (environment === undefined) return undefined;
  const found = /(?:^|\0)LD_PRELOAD=([^\0]*)/.exec(environment)?.[1] ?? '';
  return found.slice(0, 4_096).toWellFormed();
}

/** True where the file lies in the container's own top layer; undefined where its root is no overlay that can be looked into. */
function isOutsideImage(machine: Machine, pid: number, exe: string): boolean | undefined {
  const mounts = ifAllowed(() => machine.readTextIfThere(`/proc/${pid}/mountinfo`));
  const upper = /^\d+ \d+ \S+ \S+ \/ .* - overlay .*\bupperdir=([^,\s]+)/m.exec(mounts ?? '')?.[1];
  if (upper === undefined || machine.listIfThere(upper.slice(0, upper.lastIndexOf('/'))).length === 0) return undefined;
  const slash = exe.lastIndexOf('/');
  return machine.listIfThere(upper + exe.slice(0, slash)).includes(exe.slice(slash + 1));
}

/** Undefined where the kernel refuses: a process of somebody else, looked at without privileges. */
export function ifAllowed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The container as the contract has it; null on the host. One that no engine lists is known by its id alone. */
export function containerFacts(
  id: string | undefined,
  containers: ReadonlyMap<string, Container>,
): ContainerFacts | null {
  if (id === undefined) return null;
  const container = containers.get(id);
  if (container === undefined) return { id, name: id.slice(0, 12) };
  const { inspected } = container;
  return {
    id,
    name: container.name.slice(0, 256),
    image: container.image.slice(0, 512),
    ...(inspected?.privileged !== undefined && { privileged: inspected.privileged }),
    ...(inspected !== undefined && { hostMounts: [...inspected.hostMounts] }),
  };
}
