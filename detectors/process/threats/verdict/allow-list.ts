// Exceptions: a process that looks like a threat and is known. All four of program hash, arguments, parent and container
// must be known and equal, and the exception must not have ended.
import type { ProcessFacts } from '../../../../core/contracts/processes.ts';
import type { ThreatException } from '../../../../core/contracts/threats.ts';

/** The first exception that allows the process now; undefined where none does, or where a fact it needs is unknown. */
export function allowedBy(
  exceptions: readonly ThreatException[],
  facts: ProcessFacts,
  parent: ProcessFacts | undefined,
  nowSeconds: number,
): ThreatException | undefined {
  if (facts.exeSha256 === undefined || facts.container === undefined || facts.argvTruncated === true) return undefined;
  if (parent?.exe === undefined) return undefined;
  const container = facts.container?.name ?? null;
  return exceptions.find(
    (one) =>
      nowSeconds < one.expiresAtSeconds &&
      one.exeSha256 === facts.exeSha256 &&
      one.parentExe === parent.exe &&
      one.container === container &&
      one.argv.length === facts.argv.length &&
      one.argv.every((arg, at) => arg === facts.argv[at]),
  );
}
