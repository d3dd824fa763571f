// What a run of tests has shown, as figures: of the whole run, and of each promise that some of its tests keep.
import { barred, type Figure, told, unmeasured } from '../figure.ts';
import type { TestReport } from '../vitest-report.ts';

/** Names of figures, each with the words by which its tests are known: a part of their titles, with those of the groups around them. */
export type Promises = Readonly<Record<string, string>>;

/** `report` is undefined where none came out. A file that cannot be read fails no test: only `success` knows of it. */
export function wholeRun(name: string, report: TestReport | undefined): Figure[] {
  const passed = report?.numPassedTests ?? 0;
  const failed = report?.numFailedTests ?? 0;
  if (report === undefined || (report.success && passed + failed === 0))
    return [unmeasured(`${name}.failed`, report === undefined ? 'the tests gave no report' : 'no test was run')];
  return [
    barred(`${name}.failed`, report.success ? failed : Math.max(1, failed), '==', 0),
    told(`${name}.passed`, passed),
    told(`${name}.not_run`, testsOf(report).filter(({ status }) => !ran(status)).length),
  ];
}

/** 1 where all its tests passed, 0 where one did not; unmeasured where one was not run, or none is known by the words. */
export function eachPromise(report: TestReport | undefined, promises: Promises): Figure[] {
  const all = testsOf(report);
  return Object.entries(promises).map(([name, words]) => {
    const found = all.filter(({ fullName }) => fullName.includes(words));
    if (found.length === 0) return unmeasured(name, 'its test was not run');
    const left = found.filter(({ status }) => !ran(status));
    if (left.length > 0) return unmeasured(name, `not run: ${left[0]!.fullName}`);
    return barred(name, found.every(({ status }) => status === 'passed') ? 1 : 0, '==', 1);
  });
}

function testsOf(report: TestReport | undefined) {
  return report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
}

function ran(status: string): boolean {
  return status === 'passed' || status === 'failed';
}
