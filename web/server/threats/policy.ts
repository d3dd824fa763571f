// Which facts name a process for good, so that it may be allowed; a process of which one is unknown cannot be.

import type { ProcessFacts } from '../../../core/contracts/processes.ts';
import type { AllowBody } from '../../../core/contracts/threat-exceptions.ts';
import {
  type Threat,
  type ThreatException,
  type ThreatReport,
  threatException,
} from '../../../core/contracts/threats.ts';

type Named = Pick<ThreatException, 'exeSha256' | 'argv' | 'parentExe' | 'container'>;

export type Identified =
  | { kind: 'known'; named: Named }
  /** A sentence for people. */
  | { kind: 'unknown'; reason: string };

/** A machine without a report is unknown. */
type Judged = { state: 'known'; items: readonly ThreatReport[] } | { state: 'unknown'; reason: string };
type Asked = Pick<AllowBody, 'instance' | 'pid' | 'startedAtSeconds'>;

/** Both are looked at: what was judged, and what runs now under that pid. */
export function identify(asked: Asked, judged: Judged, processes: readonly ProcessFacts[]): Identified {
  if (judged.state === 'unknown') return unknown(judged.reason);
  const report = judged.items.find(({ instance }) => instance === asked.instance);
  if (report === undefined) return unknown(`What runs on ${asked.instance} is unknown right now.`);
  const threat = report.threats.find((one) => one.pid === asked.pid && startedTogether(one, asked));
  if (threat === undefined) return unknown('It is not among the threats any more.');
  if (threat.allowedBy !== undefined) return unknown('It is allowed already.');
  const facts = processes.find((one) => isSame(one, threat));
  if (facts === undefined)
    return unknown('It does not run any more, or on a machine whose processes cannot be read here.');
  return nameOf(facts, processes);
}

/** Seconds between two words about one start: it is counted from the boot, whose time follows the clock. */
const startSlackSeconds = 2;

type Started = { startedAtSeconds?: number | undefined };

function startedTogether({ startedAtSeconds: one }: Started, { startedAtSeconds: other }: Started): boolean {
  return one === undefined || other === undefined ? one === other : Math.abs(one - other) <= startSlackSeconds;
}

function isSame(facts: ProcessFacts, threat: Threat): boolean {
  return (
    facts.pid === threat.pid &&
    startedTogether(facts, threat) &&
    facts.exe === threat.exe &&
    (facts.container?.name ?? null) === (threat.container ?? null) &&
    facts.argv.join(' ').startsWith(threat.commandLine)
  );
}

function nameOf(facts: ProcessFacts, processes: readonly ProcessFacts[]): Identified {
  const parent = processes.find(({ pid }) => pid === facts.ppid);
  if (facts.exeSha256 === undefined)
    return unknown('The hash of its program is not known, so it cannot be named for good.');
  if (facts.argvTruncated === true) return unknown('Its arguments are longer than what is read of them.');
  if (facts.container === undefined) return unknown('Whether it runs in a container, and in which, is not known.');
  if (parent?.exe === undefined) return unknown('The program that started it is not known.');
  const named = {
    ...{ exeSha256: facts.exeSha256, argv: facts.argv, parentExe: parent.exe },
    container: facts.container?.name ?? null,
  };
  const fits = threatException.pick({ exeSha256: true, argv: true, parentExe: true, container: true }).safeParse(named);
  return fits.success
    ? { kind: 'known', named }
    : unknown('It has more or longer arguments than an exception may have.');
}

function unknown(reason: string): Identified {
  return { kind: 'unknown', reason };
}
