// structure
import type { ProcessFacts } from '../../../../core/contracts/processes.ts';
import type { Evidence } from './evidence.ts';
export function examineStructure(facts: ProcessFacts, parent?: ProcessFacts): Evidence[] {
  return facts && parent ? [] : [];
}
