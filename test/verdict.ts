// The closing words of a test run, and whether it may be called green.

export interface SkippedTest {
  name: string;
  reason: string | undefined;
}

export interface RunCounts {
  passed: number;
  failed: number;
  skipped: readonly SkippedTest[];
  /** Files that could not be run, and errors outside any test. */
  broken: number;
}

/** What a machine may lack without the run being less than whole; told by the reason, or else by the test's name. */
const mayBeAbsent = /labelled data|\bGPU\b/i;

/** In continuous integration a skip fails the run, unless labelled data or a GPU is absent; elsewhere it is listed. */
export function judgeRun(counts: RunCounts, inCi: boolean): { lines: string[]; exitCode: 0 | 1 } {
  const { passed, failed, skipped, broken } = counts;
  const unexcused = skipped.filter(({ name, reason }) => !mayBeAbsent.test(reason ?? name));
  const lines = skipped.map(({ name, reason }) => `skipped: ${name} (${reason ?? 'no reason given'})`);
  if (inCi && unexcused.length > 0) {
    lines.push(
      `${unexcused.length} of these may not be skipped under CI=true: only labelled data and a GPU may be absent.`,
    );
  }
  if (broken > 0) lines.push(`${broken} files or hooks broke outside any test.`);
  lines.push(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  const green = failed === 0 && broken === 0 && passed > 0 && !(inCi && unexcused.length > 0);
  return { lines, exitCode: green ? 0 : 1 };
}
