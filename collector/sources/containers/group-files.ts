// Reads the files of control groups, and learns which of them this kernel does not have: asking in vain costs more than reading.
import type { Machine } from '../../source.ts';
import { cgroupVersion, groupFolder } from './cgroup-path.ts';
import { readLimitsV1, readUsageV1 } from './cgroup-v1.ts';
import { readLimitsV2, readUsageV2 } from './cgroup-v2.ts';
import type { Limits, ReadGroupFile, Usage } from './usage.ts';

export interface GroupReader {
  /** What the group used so far; undefined when the group is gone. Throws on files that make no sense. */
  usage(machine: Machine, group: string): Usage | undefined;
  /** Asked again once a minute: limits change by hand. */
  limits(machine: Machine, group: string): Limits;
}

const limitsSeconds = 60;
/** As many groups as are remembered; beyond, all are forgotten. */
const groupsMax = 20_000;

export function createGroupReader(): GroupReader {
  /** Files by controller and name, that some group had, and that a living group lacked. */
  const present = new Set<string>();
  const lacking = new Set<string>();
  const limits = new Map<string, { limits: Limits; readAt: number }>();

  let version: 1 | 2 | undefined;

  const readerOf = (machine: Machine, group: string, missed: string[]): { version: 1 | 2; read: ReadGroupFile } => {
    version ??= cgroupVersion(machine);
    const tree = version;
    const read: ReadGroupFile = (controller, file) => {
      const key = `${controller}/${file}`;
      if (lacking.has(key)) return undefined;
      const text = machine.readTextIfThere(`${groupFolder(tree, controller, group)}/${file}`);
      if (text !== undefined) present.add(key);
      else if (!present.has(key)) missed.push(key);
      return text;
    };
    return { version: tree, read };
  };

  return {
    usage(machine, group) {
      const missed: string[] = [];
      const { version, read } = readerOf(machine, group, missed);
      const usage = version === 2 ? readUsageV2(read) : readUsageV1(read, machine.clockTicks);
      // Only a group that is whole can tell what the kernel lacks: one that is going lacks everything.
      if (usage?.cpu !== undefined && usage.memory !== undefined) for (const key of missed) lacking.add(key);
      return usage;
    },
    limits(machine, group) {
      const now = machine.monotonicSeconds();
      const known = limits.get(group);
      if (known !== undefined && now - known.readAt < limitsSeconds) return known.limits;
      const { version, read } = readerOf(machine, group, []);
      const found = version === 2 ? readLimitsV2(read) : readLimitsV1(read);
      if (limits.size >= groupsMax) limits.clear();
      limits.set(group, { limits: found, readAt: now });
      return found;
    },
  };
}
