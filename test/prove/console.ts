// Proof of the console in a real Chromium: first content and use on a slow processor, live redraw, ten thousand log lines, a heap that stays flat; whole journeys; and its tests.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromiumPath, openChromium } from '../e2e/chromium.ts';
import { openConsolePlane } from '../e2e/console-plane.ts';
import { root } from '../tidy/tree.ts';
import { proveHeap } from './console/heap.ts';
import { proveJourneys } from './console/journeys.ts';
import { proveRedraw } from './console/redraw.ts';
import { proveScrolling } from './console/scrolling.ts';
import { proveSpeed, slowdown } from './console/speed.ts';
import { barred, type Figure, unmeasured } from './figure.ts';

/** The heap is watched for as long; shorter only where somebody tries the proof itself. */
const heapMinutes = Number(process.env['PROVE_HEAP_MINUTES'] ?? 30);

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
    progress(`the heap over ${heapMinutes} minutes of live updates`);
    const heap = await proveHeap(browser, plane, heapMinutes);
    const journeys = await proveJourneys(browser, progress);
    progress('the tests of every promise');
    return [...speed, ...live, ...logs, ...heap, ...journeys, ...(await proveTests())];
  } finally {
    await browser.close();
    await plane.close();
  }
}

async function proveTests(): Promise<Figure[]> {
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    'test/web/console',
    'test/e2e',
    'test/web/server/http/console-files',
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number>((resolve) => child.once('exit', (ended) => resolve(ended ?? 1)));
  return [barred('tests of the console that ended with an error', code === 0 ? 0 : 1, '==', 0)];
}
