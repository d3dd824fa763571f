// What a family of patterns is: a table of rules, each about one class of behaviour, asked of every command of a line.
import type { Command } from '../shell/command.ts';
import type { Line } from '../shell/line.ts';
import type { Category, Evidence } from './evidence.ts';
import { weights } from './evidence.ts';

interface Rule {
  id: string;
  technique: string;
  weight: keyof typeof weights;
  reason: string;
  /** Where it is not the family's own. */
  category?: Category;
  when: (command: Command, line: Line) => boolean;
}

export interface Family {
  name: string;
  category: Category;
  rules: readonly Rule[];
}

/** What one family sees in a line; each rule at most once. Cost: rules × commands, each linear in its command. */
export function examine(family: Family, line: Line): Evidence[] {
  const seen: Evidence[] = [];
  for (const rule of family.rules) {
    if (!line.commands.some((command) => rule.when(command, line))) continue;
    const { id, technique, reason, category = family.category } = rule;
    seen.push({ id, technique, reason, category, weight: weights[rule.weight] });
  }
  return seen;
}
