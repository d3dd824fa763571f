// Proof of the console in a real Chromium: first content and use on a slow processor, live redraw, ten thousand log lines, a server that freezes, a heap that stays flat; whole journeys; and its tests.
import type { Browser } from 'playwright-core';
import { chromiumPath, openChromium } from '../e2e/chromium.ts';
import { openConsolePlane } from '../e2e/console-plane.ts';
import type { TestPlane } from '../web/server/plane.ts';
import { proveFrozen } from './console/frozen.ts';
import { proveHeap } from './console/heap.ts';
import { proveJourneys } from './console/journeys.ts';
import { proveRedraw } from './console/redraw.ts';
import { proveScrolling } from './console/scrolling.ts';
import { proveSpeed, slowdown } from './console/speed.ts';
import { barred, type Figure, unmeasured } from './figure.ts';
import { runTests } from './vitest-report.ts';

/** The heap is watched for as long; shorter only where somebody tries the proof itself. */
const heapMinutes = Number(process.env['PROVE_HEAP_MINUTES'] ?? 30);
/** Fewer would mean that a folder was not looked into. */
const testsMin = 780;

export async function run(progress: (line: string) => void): Promise<Figure[]> {
  if (chromiumPath === undefined) return [unmeasured('console', 'there is no Chromium on this machine')];
  const plane = await openConsolePlane();
  const browser = await openChromium();
  try {
    progress(`first content and use, processor slowed ${slowdown} ×`);
    const speed = await proveSpeed(browser, plane);
    progress('50 live series');
    const live = await proveRedraw(browser, plane);
    progress('10,000 log lines');
    const logs = await proveScrolling(browser, plane);
    progress('a server that freezes');
    const frozen = await proveFrozen(browser);
    // A page that is left open costs little: the rest goes on beside it, in a browser of its own.
    progress(`the heap over ${heapMinutes} minutes of live updates, and meanwhile:`);
    const [heap, rest] = await Promise.all([watchHeap(plane, progress), proveBehaviour(browser, progress)]);
    return [...speed, ...live, ...logs, ...frozen, ...heap, ...rest];
  } finally {
    await browser.close();
    await plane.close();
  }
}

async function watchHeap(plane: TestPlane, progress: (line: string) => void): Promise<Figure[]> {
  const browser = await openChromium();
  try {
    return await proveHeap(browser, plane, heapMinutes, progress);
  } finally {
    await browser.close();
  }
}

async function proveBehaviour(browser: Browser, progress: (line: string) => void): Promise<Figure[]> {
  const journeys = await proveJourneys(browser, progress);
  progress('the tests of every promise');
  return [...journeys, ...(await proveTests(progress))];
}

/** A browser is there, so a test that is passed over is no skip but a failure. */
async function proveTests(progress: (line: string) => void): Promise<Figure[]> {
  const filters = ['test/web/console', 'test/e2e', 'test/web/server/http/console-files'];
  const report = await runTests(filters).catch(() => undefined);
  if (report === undefined) return [unmeasured('tests of the console that passed', 'the tests gave no report')];
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  for (const { fullName, status } of results) if (status === 'failed') progress(`failed: ${fullName}`);
  const neither = results.filter(({ status }) => status !== 'passed' && status !== 'failed');
  return [
    barred('tests of the console that passed', report.numPassedTests, '>=', testsMin),
    barred('tests of the console that failed', report.success ? 0 : Math.max(1, report.numFailedTests), '==', 0),
    barred('tests of the console that were passed over', neither.length, '==', 0),
  ];
}
