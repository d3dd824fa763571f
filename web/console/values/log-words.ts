// What is said where a moment of a log was looked for and is not there, or not all of it.

interface Found {
  /** The moment that was looked for, and whether a link to a line led there. */
  at: string;
  linked: boolean;
  /** The first line that was found; undefined where there was none. */
  first: string | undefined;
  /** What there is before it. */
  older: 'more' | 'none' | 'beyond';
  completeFrom: string | null;
}

/** Undefined where there is nothing to complain about. */
export function sayMissed({ at, linked, first, older, completeFrom }: Found): string | undefined {
  const begin = completeFrom ?? first;
  const what = linked ? 'this line' : 'anything of that time';
  if (older === 'beyond' && (begin === undefined || begin > at))
    return `It cannot be read whether the engine still has ${what}: it lies behind the newest lines of a replica, which are all that is read of it${begin === undefined ? '' : `, from ${sayLineTime(begin)} on`}.`;
  if (first === undefined) return 'Nothing that is chosen here has a line left.';
  if (older === 'none' && first > at)
    return `The engine no longer has ${what}: what it still has begins at ${sayLineTime(first)}.`;
  return linked
    ? 'This line is not among those chosen here, or the engine no longer has it. These are the lines around its time.'
    : undefined;
}

/** `2027-01-15 08:00:00 UTC` of a line's time. */
export function sayLineTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

/** The ISO time of what a field for date and time holds, read as UTC like the times of the lines; undefined where it holds none. */
export function readUtcField(text: string): string | undefined {
  const [, day, minute, second = '00'] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d))?(?:\.\d+)?$/.exec(text) ?? [];
  return day === undefined ? undefined : `${day}T${minute}:${second}Z`;
}

/** Whether an address names a time of a line: everything else is not asked for. */
export function isLineTime(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text);
}
