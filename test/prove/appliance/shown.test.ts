// Figures from a run of tests: what did not run has shown nothing; and each promise is kept by a test there is.
import { describe, expect, test } from 'vitest';
import { listFiles, readFile } from '../../tidy/tree.ts';
import type { TestReport } from '../vitest-report.ts';
import { alerts, compose, grafana } from './promises.ts';
import { eachPromise, wholeRun } from './shown.ts';

type Tests = readonly (readonly [fullName: string, status: string])[];

function reportOf(tests: Tests, more: Partial<TestReport> = {}): TestReport {
  const count = (wanted: string) => tests.filter(([, status]) => status === wanted).length;
  const assertionResults = tests.map(([fullName, status]) => ({ fullName, status }));
  const failed = count('failed');
  const counts = { success: failed === 0, numPassedTests: count('passed'), numFailedTests: failed };
  return { ...counts, testResults: [{ name: 'some.test.ts', assertionResults }], ...more };
}

describe('a promise', () => {
  test.each<{ given: string; tests: Tests | undefined; value: number | null; ok: boolean }>([
    {
      given: 'whose tests passed',
      tests: [
        ['it holds', 'passed'],
        ['also it holds', 'passed'],
      ],
      value: 1,
      ok: true,
    },
    {
      given: 'of which one failed',
      tests: [
        ['it holds', 'passed'],
        ['also it holds', 'failed'],
      ],
      value: 0,
      ok: false,
    },
    { given: 'whose test was passed over', tests: [['it holds', 'skipped']], value: null, ok: false },
    {
      given: 'of which one was',
      tests: [
        ['it holds', 'passed'],
        ['also it holds', 'pending'],
      ],
      value: null,
      ok: false,
    },
    { given: 'that no test names', tests: [['another', 'passed']], value: null, ok: false },
    { given: 'without any report', tests: undefined, value: null, ok: false },
  ])('$given: $value', ({ tests, value, ok }) => {
    const [figure] = eachPromise(tests && reportOf(tests), { 'a.promise': 'it holds' });
    expect(figure).toMatchObject({ name: 'a.promise', value, ok });
    expect(typeof figure!.reason).toBe(value === null ? 'string' : 'undefined');
  });
});

describe('a whole run', () => {
  test.each<{ given: string; report: TestReport | undefined; value: number | null; ok: boolean }>([
    {
      given: 'that passed',
      report: reportOf([
        ['a', 'passed'],
        ['b', 'skipped'],
      ]),
      value: 0,
      ok: true,
    },
    {
      given: 'with a failure',
      report: reportOf([
        ['a', 'passed'],
        ['b', 'failed'],
      ]),
      value: 1,
      ok: false,
    },
    {
      given: 'with a file that cannot be read',
      report: reportOf([['a', 'passed']], { success: false }),
      value: 1,
      ok: false,
    },
    { given: 'of which nothing ran', report: reportOf([['a', 'skipped']]), value: null, ok: false },
    { given: 'of no tests', report: reportOf([]), value: null, ok: false },
    { given: 'without a report', report: undefined, value: null, ok: false },
  ])('$given: $value failed', ({ report, value, ok }) => {
    expect(wholeRun('run', report)[0]).toMatchObject({ name: 'run.failed', value, ok });
  });

  test('what was passed over is told', () => {
    const report = reportOf([
      ['a', 'passed'],
      ['b', 'skipped'],
    ]);
    expect(wholeRun('run', report).map(({ name, value }) => [name, value])).toEqual([
      ['run.failed', 0],
      ['run.passed', 1],
      ['run.not_run', 1],
    ]);
  });
});

describe('each promise is kept by a test there is', () => {
  test.each(Object.entries({ compose, grafana, alerts }))('%s', (_, { files, promises }) => {
    const tests = listFiles().filter((path) => path.endsWith('.ts') && files.some((one) => path.startsWith(one)));
    const text = tests.map(readFile).join('\n');
    expect(tests.length).toBeGreaterThan(0);
    expect(Object.entries(promises).filter(([, words]) => !text.includes(words))).toEqual([]);
  });
});
