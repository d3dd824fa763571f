// Processes added up by name, so that a sum never falls when one of its processes ends.
/** What a process used since it was born, times in kernel ticks; undefined is "could not be read". */
export interface Counts {
  userTicks: number;
  systemTicks: number;
  minorFaults: number;
  majorFaults: number;
  readBytes: number | undefined;
  writeBytes: number | undefined;
  voluntarySwitches: number | undefined;
  involuntarySwitches: number | undefined;
}

/** What a process holds right now. */
export interface Holdings {
  /** Letters of the process and, where it has several, of its threads. */
  states: readonly string[];
  threads: number;
  residentBytes: number;
  virtualBytes: number;
  swapBytes: number | undefined;
  openFiles: number | undefined;
  openFilesLimit: number | undefined;
  startedAtSeconds: number;
}

export interface Group {
  processes: number;
  threads: number;
  residentBytes: number;
  virtualBytes: number;
  swapBytes: number;
  openFiles: number | undefined;
  worstFileRatio: number | undefined;
  oldestStartSeconds: number | undefined;
  states: { Running: number; Sleeping: number; Waiting: number; Zombie: number; Other: number };
  /** Sums of what its processes used while they were watched; a gone process leaves its share. */
  totals: Counts;
}

/** Groups beyond this many names are added up under one; programs that name themselves freely must not multiply series. */
export const groupsMax = 1_000;
const overflowGroup = 'other';

export interface Groups {
  byName: Map<string, Group>;
}

export function createGroups(): Groups {
  return { byName: new Map() };
}

/** Sets what is held to nothing before a new look; totals stay. */
export function beginLook({ byName }: Groups): void {
  for (const group of byName.values()) Object.assign(group, nothingHeld());
}

/** The group of a name. A full list gives way where a group has no process left, else the overflow group answers. */
export function groupOf(groups: Groups, name: string): Group {
  const { byName } = groups;
  const known = byName.get(name);
  if (known !== undefined) return known;
  if (byName.size < groupsMax || name === overflowGroup) return addGroup(groups, name);
  for (const [gone, { processes }] of byName) {
    if (processes > 0 || gone === overflowGroup) continue;
    byName.delete(gone);
    return addGroup(groups, name);
  }
  return groupOf(groups, overflowGroup);
}

function addGroup({ byName }: Groups, name: string): Group {
  const unread = { readBytes: undefined, writeBytes: undefined };
  const totals: Counts = { ...bornNow, ...unread, voluntarySwitches: undefined, involuntarySwitches: undefined };
  const group: Group = { ...nothingHeld(), totals };
  byName.set(name, group);
  return group;
}

function nothingHeld(): Omit<Group, 'totals'> {
  return {
    processes: 0,
    threads: 0,
    residentBytes: 0,
    virtualBytes: 0,
    swapBytes: 0,
    openFiles: undefined,
    worstFileRatio: undefined,
    oldestStartSeconds: undefined,
    states: { Running: 0, Sleeping: 0, Waiting: 0, Zombie: 0, Other: 0 },
  };
}

const stateNames: Record<string, keyof Group['states']> = { R: 'Running', S: 'Sleeping', D: 'Waiting', Z: 'Zombie' };

export function addHoldings(group: Group, held: Holdings): void {
  group.processes++;
  group.threads += held.threads;
  group.residentBytes += held.residentBytes;
  group.virtualBytes += held.virtualBytes;
  group.swapBytes += held.swapBytes ?? 0;
  for (const letter of held.states) group.states[stateNames[letter] ?? 'Other']++;
  group.oldestStartSeconds = Math.min(group.oldestStartSeconds ?? Number.POSITIVE_INFINITY, held.startedAtSeconds);
  if (held.openFiles === undefined) return;
  group.openFiles = (group.openFiles ?? 0) + held.openFiles;
  if (held.openFilesLimit === undefined || held.openFilesLimit <= 0) return;
  group.worstFileRatio = Math.max(group.worstFileRatio ?? 0, held.openFiles / held.openFilesLimit);
}

/** What a process had used before it was watched from its birth. */
export const bornNow: Counts = {
  userTicks: 0,
  systemTicks: 0,
  minorFaults: 0,
  majorFaults: 0,
  readBytes: 0,
  writeBytes: 0,
  voluntarySwitches: 0,
  involuntarySwitches: 0,
};

/** Adds what a process used since it was last looked at; where nothing is known from before, only that the counter exists. */
export function addCounts(group: Group, before: Counts | undefined, now: Counts): void {
  for (const key of Object.keys(now) as (keyof Counts)[]) {
    const value = now[key];
    if (value === undefined) continue;
    const since = before?.[key] === undefined ? 0 : Math.max(0, value - before[key]);
    group.totals[key] = (group.totals[key] ?? 0) + since;
  }
}
