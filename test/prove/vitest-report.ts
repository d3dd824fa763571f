// Runs tests as a proof runs them, in a process of their own, and reads what became of each.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../tidy/tree.ts';

export interface TestReport {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

/** Rejects where no report came out: tests that were not run have not passed. */
export async function runTests(parameters: readonly string[]): Promise<TestReport> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-prove-tests-'));
  try {
    const file = join(folder, 'tests.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const all = [vitest, 'run', ...parameters, '--reporter=json', `--outputFile=${file}`];
    const child = spawn(process.execPath, all, { cwd: root, stdio: 'ignore' });
    await new Promise((resolve) => child.on('close', resolve));
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
