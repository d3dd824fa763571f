// npm test [-- FILTER …]: gets what the tests need, runs them once, and tells what was skipped and why.
import { startVitest, type Vitest } from 'vitest/node';
import { root } from '../compose/place.ts';
import { buildConsole } from '../compose/start/console.ts';
import { ensureChromium } from './e2e/install-chromium.ts';
import { ensureTestEngines } from './engines.ts';
import { judgeRun, type SkippedTest } from './verdict.ts';

const inCi = process.env['CI'] === 'true';

for (const problem of await ensureTestEngines(say)) say(`could not be had: ${problem}; its tests are skipped`);
const noChromium = await ensureChromium(say);
if (noChromium !== undefined) say(`could not be had: ${noChromium}; its tests are skipped`);
await buildConsole(root, say); // once, before tests that run side by side want it
const vitest = await startVitest('test', process.argv.slice(2), { watch: false, run: true });
const counts = countTests(vitest);
const verdict = judgeRun(counts, inCi);
await vitest.close();
for (const line of verdict.lines) say(line);
process.exit(verdict.exitCode);

function countTests({ state }: Vitest) {
  const modules = state.getTestModules();
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const results = tests.map((test) => ({
    name: `${test.module.relativeModuleId}: ${test.fullName}`,
    result: test.result(),
  }));
  const skipped: SkippedTest[] = results.flatMap(({ name, result }) =>
    result.state === 'skipped' ? [{ name, reason: result.note }] : [],
  );
  return {
    passed: results.filter(({ result }) => result.state === 'passed').length,
    failed: results.filter(({ result }) => result.state === 'failed').length,
    skipped,
    broken: modules.filter((module) => module.errors().length > 0).length + state.getUnhandledErrors().length,
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
