// Runs the mutants of a family of alert rules against the family's tests, under a real promtool: which of them nobody notices.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../../compose/place.ts';
import { findEngines } from '../engines.ts';
import { type Mutant, mutantsOf, type Rule, type RuleFile, sliceOf, type TestFile } from './mutations.ts';

export interface Family {
  rules: RuleFile<Rule>;
  tests: TestFile;
}

export interface Outcome {
  killed: number;
  /** Such as `GpuHot: no for`. */
  survivors: string[];
}

/** How many promtools run at once. */
const atOnce = 2;

/** Of the generations here the one whose promtool names the file that it is at: 3.5 says what it found, not where. */
export function findMutationTool(): string | undefined {
  return findEngines().find(({ name }) => name === 'Prometheus 2.53')?.promtool;
}

export function readFamily(family: string): Family {
  const read = (folder: string) => parse(readFileSync(join(root, `alerts/${folder}/${family}.yml`), 'utf8'));
  return { rules: read('rules'), tests: read('tests') };
}

const alertsOf = ({ rules }: Family): string[] =>
  rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));

/** All mutants of these alerts. Throws where the tests fail without any change: then nothing could be learned from them. */
export async function runMutants(promtool: string, family: Family, alerts = alertsOf(family)): Promise<Outcome> {
  const waiting = alerts.entries();
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, alert] of waiting) outcomes[index] = await runAlert(promtool, family, alert);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return {
    killed: outcomes.reduce((sum, { killed }) => sum + killed, 0),
    survivors: outcomes.flatMap(({ survivors }) => survivors),
  };
}

/** One promtool takes all mutants of an alert, each with rules of its own; the first pair is the alert as it is. */
async function runAlert(promtool: string, family: Family, alert: string): Promise<Outcome> {
  const slice = sliceOf(family, alert);
  const original = slice.rules.groups[0]!.rules[0]!;
  const mutants = mutantsOf(original);
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-mutants-'));
  try {
    const files = [{ change: 'nothing changed', rule: original }, ...mutants].map((mutant, index) =>
      writePair(folder, index, slice, mutant),
    );
    const [baseline, ...noticed] = await runPromtool(promtool, files, folder);
    if (baseline) throw new Error(`the tests of ${alert} fail as they are`);
    const survivors = mutants.filter((_, index) => !noticed[index]).map(({ change }) => `${alert}: ${change}`);
    return { killed: mutants.length - survivors.length, survivors };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writePair(folder: string, index: number, slice: Family, mutant: Mutant<Rule>): string {
  const [rules, tests] = [`${index}.rules.yml`, `${index}.yml`];
  const groups = slice.rules.groups.map((group) => ({ ...group, rules: [mutant.rule] }));
  writeFileSync(join(folder, rules), stringify({ ...slice.rules, groups }));
  writeFileSync(join(folder, tests), stringify({ ...slice.tests, rule_files: [rules] }));
  return tests;
}

/** For each file whether its tests noticed something. A file that promtool could not take at all noticed nothing: that throws. */
function runPromtool(promtool: string, files: readonly string[], folder: string): Promise<boolean[]> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, timeout: 200_000, maxBuffer: 64 * 2 ** 20 };
    execFile(promtool, ['test', 'rules', ...files], options, (error, stdout, stderr) => {
      const told = stdout.split('Unit Testing:').slice(1);
      const failures = stderr.split('FAILED:').slice(1);
      const noticed = told.map((words) => !words.includes('SUCCESS'));
      const understood = failures.every((words) => words.includes('got:'));
      const whole = told.length === files.length && failures.length === noticed.filter(Boolean).length;
      if (whole && understood) resolve(noticed);
      else reject(new Error(`promtool could not run the mutants: ${error?.message ?? ''} ${stderr}`.slice(0, 2000)));
    });
  });
}
