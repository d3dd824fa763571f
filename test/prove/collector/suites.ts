// The collector's own tests at the size of a night: 14 ways in which nvidia-smi fails, engines that fail, crowds, and every parser fed nonsense.
import { barred, type Figure, told, unmeasured } from '../figure.ts';
import { runTests, type TestReport } from '../vitest-report.ts';

type Progress = (line: string) => void;

const folder = 'test/collector';
const suites: readonly { name: string; files: readonly string[]; testsMin: number; pattern?: string }[] = [
  { name: 'gpu_trouble', files: [`${folder}/sources/gpu.test.ts`], testsMin: 14, pattern: 'trouble' },
  {
    name: 'engine_trouble',
    files: [`${folder}/sources/containers.test.ts`, `${folder}/collect.test.ts`, `${folder}/docker-api.test.ts`],
    testsMin: 30,
  },
  { name: 'docker_29_answers', files: [`${folder}/sources/containers.test.ts`], testsMin: 1, pattern: 'engine-29' },
  {
    name: 'crowds_and_labels',
    files: [`${folder}/sources/containers/scale.test.ts`, `${folder}/guard.test.ts`, `${folder}/golden.test.ts`],
    testsMin: 15,
  },
];
/** Every file with a fuzz test of something that the collector parses with. */
const fuzzed = [
  `${folder}/exposition.test.ts`,
  `${folder}/sources.test.ts`,
  `${folder}/sources/containers/fuzz.test.ts`,
  `${folder}/sources/containers/docker.test.ts`,
  `${folder}/sources/processes.test.ts`,
  `${folder}/sources/gpu/csv.test.ts`,
  'test/core/lib/parse.test.ts',
  'test/core/lib/duration.test.ts',
  'test/core/lib/promtext.test.ts',
];
const fuzzCases = 100_000;
const fuzzSecondsMax = 2 * 3600;
const niceness = 10;

export async function proveSuites(progress: Progress): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, files, testsMin, pattern } of suites) {
    progress(`tests: ${name}`);
    const report = await run([...files, ...(pattern === undefined ? [] : ['-t', pattern])]);
    figures.push(...reportFigures(`collector.tests.${name}`, report, testsMin));
  }
  // Said by a person who has less time; what was really run is told.
  const cases = Number(process.env['ODYSSEY_FUZZ_RUNS'] ?? fuzzCases);
  progress(`fuzz: ${cases} cases of each parser`);
  const began = performance.now();
  const timeout = [`--testTimeout=${fuzzSecondsMax * 1000}`, '--no-file-parallelism'];
  const report = await run([...fuzzed, ...timeout], { ODYSSEY_FUZZ_RUNS: String(cases) });
  return [
    ...figures,
    ...reportFigures('collector.fuzz', report, fuzzed.length),
    barred('collector.fuzz.cases_of_each', cases, '>=', fuzzCases),
    told('collector.fuzz.seconds', (performance.now() - began) / 1000, 's'),
  ];
}

function reportFigures(name: string, report: TestReport | undefined, passedMin: number): Figure[] {
  if (report === undefined) return [unmeasured(name, 'the tests could not be run')];
  return [
    barred(`${name}.failed`, report.numFailedTests, '==', 0),
    barred(`${name}.passed`, report.numPassedTests, '>=', passedMin),
  ];
}

/** Beside whatever measures. Undefined, told as unmeasured, where no report came out. */
function run(parameters: readonly string[], environment: Record<string, string> = {}): Promise<TestReport | undefined> {
  return runTests(parameters, { environment, niceness }).catch(() => undefined);
}
