// Judges one process: structure first, then what its arguments start, and adds the evidence up.
import type { ProcessFacts } from '../../../../core/contracts/processes.ts';
import { families } from '../index.ts';
import type { Line } from '../shell/line.ts';
import { readArguments, readLine } from '../shell/line.ts';
import type { Evidence, Verdict } from './evidence.ts';
import { conclude, weights } from './evidence.ts';
import { examine } from './family.ts';
import { examineStructure } from './structure.ts';

/**
 * The verdict on a process. `parent` is what is known of the process that started it; absent facts count neither for
 * nor against. Pure and linear in the length of the arguments. Nothing of the command line is in the verdict.
 */
export function judge(facts: ProcessFacts, parent?: ProcessFacts): Verdict {
  const line = readArguments(facts.argv);
  return conclude([...examineStructure(facts, parent), ...patterns(line)]);
}

/** The verdict on a command line alone, as a log or a person writes it. */
export function judgeLine(text: string): Verdict {
  return conclude(patterns(readLine(text)));
}

function patterns(line: Line): Evidence[] {
  const seen = families.flatMap((family) => examine(family, line));
  if (line.omitted > 0) seen.push(unread);
  return seen;
}

const unread: Evidence = {
  id: 'arguments-too-long-to-read',
  category: 'system_modification',
  technique: 'T1027',
  weight: weights.weak,
  reason: 'The arguments are longer than is read; part of them was passed over.',
};
