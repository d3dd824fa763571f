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
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
}

/** Rejects where no report came out: tests that were not run have not passed. Niceness as the kernel counts it. */
export async function runTests(
  parameters: readonly string[],
  { environment = {}, niceness = 0 }: { environment?: Readonly<Record<string, string>>; niceness?: number } = {},
): Promise<TestReport> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-prove-tests-'));
  try {
    const file = join(folder, 'tests.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const all = [vitest, 'run', ...parameters, '--reporter=json', `--outputFile=${file}`];
    const env = { ...process.env, ...environment };
    const child = spawn('nice', ['-n', String(niceness), process.execPath, ...all], {
      cwd: root,
      env,
      stdio: 'ignore',
    });
    await new Promise((resolve) => child.on('close', resolve));
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
