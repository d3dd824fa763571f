// Proof of the detection engine: the labelled series and command lines through the code that runs in production, judged outside it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as benchDetect } from '../bench/detect.ts';
import { run as benchForest } from '../bench/forest.ts';
import { proveLoad } from '../detectors/on-history/load.ts';
import { ensureTestEngines, findEngines } from '../engines.ts';
import { root } from '../tidy/tree.ts';
import { barred, type Figure, skipped, told, unmeasured } from './figure.ts';
import { anomalies, commandLines, findPython, isThere, poolOrdinary, runFile } from './labelled.ts';
import { runTests } from './vitest-report.ts';

type Progress = (line: string) => void;

const vusBars = { nab: 0.42, wsd: 0.53, aiops: 0.58, smd: 0.57, asd: 0.47, js2: 0.34 } as const;
const replaySecondsMax = 3600;
/** Fewer were not found or not run, and have shown nothing. */
const testsMin = 400;
const noData = 'the labelled data is not beside the project';

export async function run(progress: Progress): Promise<Figure[]> {
  return [
    ...(await benchForest(progress)),
    ...(await benchDetect(progress)),
    ...(await proveThreats(progress)),
    ...(await proveEdges(progress)),
    ...(await proveMemory(progress)),
    ...(await proveSeries(progress)),
  ];
}

/** Five hundred series on a week of history in a real Prometheus. */
async function proveMemory(progress: Progress): Promise<Figure[]> {
  const problems = await ensureTestEngines(progress);
  const [engine] = findEngines();
  if (engine === undefined)
    return [unmeasured('detection.load', problems.join('; ') || 'no Prometheus to be had', 'MB')];
  return proveLoad(engine, progress);
}

async function proveSeries(progress: Progress): Promise<Figure[]> {
  if (!isThere(anomalies)) return [skipped('detection.vus_pr', noData)];
  const python = await findPython();
  if (python === undefined)
    return [unmeasured('detection.vus_pr', 'no python3 with numpy for the judge; apt-get install python3-numpy')];
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-detection-'));
  try {
    progress('replaying every labelled series; this takes minutes');
    const began = performance.now();
    const replay = ['detectors/replay/main.ts', '--manifest', anomalies.manifest, '--out', folder];
    await runFile(process.execPath, [...replay, '--workers', String(availableParallelism())], replaySecondsMax);
    const seconds = (performance.now() - began) / 1000;
    const table = join(folder, 'table.json');
    const printed = await runFile(python, [anomalies.judge, anomalies.manifest, folder, '--json', table], 600);
    for (const line of printed.trimEnd().split('\n')) progress(`  | ${line}`);
    return [
      told('detection.replay', seconds, 's'),
      ...judgedFigures(JSON.parse(readFileSync(table, 'utf8'))),
      ...ordinaryFigures(folder),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Judged = Record<string, { vus_pr: number; f1: number }> & { nab_standard: number };

function judgedFigures(judged: Judged): Figure[] {
  const figures = Object.entries(vusBars).flatMap(([set, bar]) => [
    barred(`detection.vus_pr.${set}`, judged[set]?.vus_pr ?? Number.NaN, '>=', bar),
    told(`detection.best_f1.${set}`, judged[set]?.f1 ?? Number.NaN),
  ]);
  return [...figures, barred('detection.nab_standard', judged.nab_standard, '>=', 55)];
}

function ordinaryFigures(folder: string): Figure[] {
  const { scores, alerts, seriesDays } = poolOrdinary(folder, ['wsd', 'aiops']);
  const percentAt = (level: number) => (100 * scores.filter((score) => score >= level).length) / scores.length;
  return [
    barred('detection.share_99.low', percentAt(99), '>=', 0.5, '%'),
    barred('detection.share_99.high', percentAt(99), '<=', 2, '%'),
    barred('detection.share_99_9.low', percentAt(99.9), '>=', 0.05, '%'),
    barred('detection.share_99_9.high', percentAt(99.9), '<=', 0.2, '%'),
    barred('detection.false_alerts', alerts / seriesDays, '<=', 0.1, 'a series and day'),
  ];
}

interface ThreatReport {
  fpr: number;
  hard_fpr: number;
  recall: number;
  macro_recall: number;
  recall_by_category: Record<string, number>;
}

async function proveThreats(progress: Progress): Promise<Figure[]> {
  if (!isThere(commandLines)) return [skipped('detection.threats', noData)];
  const judge = async (...options: string[]): Promise<ThreatReport> => {
    const detector = [process.execPath, join(root, 'detectors/threats/main.ts'), ...options];
    return JSON.parse(await runFile('python3', [commandLines.judge, commandLines.rows, '--', ...detector], 300));
  };
  progress('judging the labelled command lines');
  const [any, critical] = [await judge(), await judge('--tier', 'critical')];
  return [
    barred('detection.threats.fpr', 100 * any.fpr, '<=', 0.5, '%'),
    barred('detection.threats.hard_fpr', 100 * any.hard_fpr, '<=', 3, '%'),
    barred('detection.threats.recall', any.recall, '>=', 0.65),
    barred('detection.threats.macro_recall', any.macro_recall, '>=', 0.6),
    barred('detection.threats.worst_category', Math.min(...Object.values(any.recall_by_category)), '>=', 0.35),
    barred('detection.threats.critical_fpr', 100 * critical.fpr, '<=', 0.05, '%'),
    barred('detection.threats.critical_recall', critical.recall, '>=', 0.4),
  ];
}

/**
 * What must hold without labels: no NaN, no future, damaged files refused, a ramp caught, alerts left out of training, a worse
 * model not promoted, rewritten attacks still found. The week of history has a proof of its own.
 */
async function proveEdges(progress: Progress): Promise<Figure[]> {
  progress('the tests of the detectors and of the forest');
  const folder = 'test/detectors';
  const names = readdirSync(join(root, folder)).filter((name) => !name.startsWith('on-history'));
  const filters = ['test/core/lib/forest', ...names.map((name) => `${folder}/${name}`)];
  const report = await runTests(filters).catch(() => undefined);
  if (report === undefined) return [unmeasured('detection.tests.passed', 'the tests gave no report')];
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  for (const { fullName, status } of results) if (status === 'failed') progress(`failed: ${fullName}`);
  return [
    barred('detection.tests.passed', report.numPassedTests, '>=', testsMin),
    barred('detection.tests.failed', report.success ? 0 : Math.max(1, report.numFailedTests), '==', 0),
    told('detection.tests.not_run', results.filter(({ status }) => status !== 'passed' && status !== 'failed').length),
  ];
}
