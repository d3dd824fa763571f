// What differs between two revisions, as two texts that are laid beside each other; of the environment only names.
import type { RevisionDiff } from '../../../core/contracts/deployments.ts';

export function textsOfDiff(diff: RevisionDiff): { before: string; after: string } {
  const before: string[] = [];
  const after: string[] = [];
  if (diff.image !== null) {
    before.push(`image: ${diff.image.from}`);
    after.push(`image: ${diff.image.to}`);
  }
  for (const name of diff.env.removed) before.push(`env ${name}`);
  for (const name of diff.env.added) after.push(`env ${name}`);
  for (const name of diff.env.changed) {
    before.push(`env ${name}`);
    after.push(`env ${name}: another value`);
  }
  for (const { field, from, to } of diff.fields) {
    if (from !== '–') before.push(`${field}: ${from}`);
    if (to !== '–') after.push(`${field}: ${to}`);
  }
  return { before: before.join('\n'), after: after.join('\n') };
}
