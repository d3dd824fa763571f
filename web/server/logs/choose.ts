// Which lines a reader asked for: those with the text and of the levels, and of the past the last so many.
import type { LogLevel, LogLine, LogQuery } from '../../../core/contracts/logs.ts';
import { UserError } from '../user-error.ts';

export type LineFilter = (line: LogLine) => boolean;

/** The text is looked for as it is, whatever its case: no pattern of a reader's runs here. */
export function filterOf({ search, levels }: Pick<LogQuery, 'search' | 'levels'>, choice?: ReplicaChoice): LineFilter {
  const wanted = search?.toLowerCase();
  const kept = levels === undefined ? undefined : new Set(levels.split(',') as LogLevel[]);
  return ({ text, level, replica }) =>
    (choice === undefined || choice.takes(replica)) &&
    (kept === undefined || kept.has(level)) &&
    (wanted === undefined || text.toLowerCase().includes(wanted));
}

/**
 * Which replicas are read: of a deployment those that are named, or all of them where none is. Names last longer than what runs under them: the
 * next task of a chosen slot is read, too, and one of another slot or revision is not.
 */
export class ReplicaChoice {
  readonly names: ReadonlySet<string>;
  readonly #narrowed: ReadonlySet<string>;

  /** Names parted by commas, as the contract has them. Throws a UserError where one is of no deployment that is read. */
  constructor(replicas: string | undefined, deployments: readonly string[]) {
    this.names = new Set(replicas?.split(','));
    this.#narrowed = new Set([...this.names].map((name) => deploymentOf(name.slice(0, name.lastIndexOf('.')))));
    const foreign = [...this.#narrowed].find((one) => !deployments.includes(one));
    if (foreign !== undefined)
      throw new UserError(
        ...([422, 'foreign-replica'] as const),
        `Replicas of ${foreign} are chosen, which is not read here; name replicas of ${deployments.join(', ')}.`,
      );
  }

  takes(replica: string): boolean {
    return this.names.has(replica) || !this.#narrowed.has(deploymentOf(replica.slice(0, replica.lastIndexOf('.'))));
  }

  /** Whether anything of this service is read. */
  takesService(service: string): boolean {
    if (!this.#narrowed.has(deploymentOf(service))) return true;
    return [...this.names].some((name) => name.startsWith(`${service}.`));
  }

  /** Those chosen that are none of these. */
  missing(present: ReadonlySet<string>): string[] {
    return [...this.names].filter((name) => !present.has(name));
  }
}

/** `shop` of `shop-r12`. */
function deploymentOf(service: string): string {
  return service.replace(/-r\d+$/, '');
}

/** What the engine is asked for: with a filter more than is shown, as only some of it fits. */
export function tailToRead({ tail, search, levels }: LogQuery): number {
  const filtered = search !== undefined || levels !== undefined;
  return tail === 0 ? 0 : filtered ? 10_000 : tail;
}

/** `1763730000.123` of a time as the engine writes it, cut to the millisecond; undefined where it is none. */
export function toUnixSeconds(time: string): number | undefined {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
