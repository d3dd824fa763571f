// Proof of the console in a real Chromium: first content and use on a slow processor, live redraw, ten thousand log lines, a heap that stays flat; whole journeys; and its tests.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { chromiumPath, openChromium, openContext, signIn } from '../e2e/chromium.ts';
import { openConsolePlane } from '../e2e/console-plane.ts';
import { root } from '../tidy/tree.ts';
import { password, type TestPlane } from '../web/server/plane.ts';
import { proveJourneys } from './console/journeys.ts';
import { barred, type Figure, told, unmeasured } from './figure.ts';

const slowdown = 4;
const wide = { width: 1440, height: 900, theme: 'light' } as const;
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
    const heap = await proveHeap(browser, plane);
    const journeys = await proveJourneys(browser, progress);
    progress('the tests of every promise');
    return [...speed, ...live, ...logs, ...heap, ...journeys, ...(await proveTests())];
  } finally {
    await browser.close();
    await plane.close();
  }
}

async function entered(browser: Browser, plane: TestPlane): Promise<{ page: Page; cdp: CDPSession }> {
  const context = await openContext(browser, wide);
  const page = await context.newPage();
  await signIn(page, plane.url, 'root-admin', password);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  return { page, cdp };
}

/** When the text is there that means that a person can begin, in ms since the navigation. */
const watchFor = (selector: string) => `new Promise((resolve) => {
  const look = () => document.querySelector(${JSON.stringify(selector)}) ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})`;

async function proveSpeed(browser: Browser, plane: TestPlane): Promise<Figure[]> {
  const context = await openContext(browser, wide);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(plane.url, { waitUntil: 'commit' });
  const doorUsable = await page.evaluate<number>(watchFor('input[name="name"]'));
  const doorPainted = await firstPaint(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await signIn(page, plane.url, 'root-admin', password);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.reload({ waitUntil: 'commit' });
  const usable = await page.evaluate<number>(watchFor('#unusual'));
  const painted = await firstPaint(page);
  await context.close();
  return [
    barred('sign-in: first content', doorPainted, '<=', 1_000, 'ms'),
    barred('sign-in: usable', doorUsable, '<=', 1_500, 'ms'),
    barred('overview: first content', painted, '<=', 1_000, 'ms'),
    barred('overview: usable, with its values', usable, '<=', 1_500, 'ms'),
  ];
}

function firstPaint(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName('first-contentful-paint');
    if (paint) resolve(paint.startTime);
  }).observe({ type: 'paint', buffered: true }))`);
}

async function readMetric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

/** Main-thread time of everything that one update of all fifty causes. */
async function proveRedraw(browser: Browser, plane: TestPlane): Promise<Figure[]> {
  const { page, cdp } = await entered(browser, plane);
  await page.goto(`${plane.url}/gallery?tab=live`);
  await page.locator('[data-updates="3"]').waitFor();
  const [updatesBefore, spentBefore] = [await updates(page), await readMetric(cdp, 'TaskDuration')];
  await page.waitForTimeout(20_000);
  const spent = (await readMetric(cdp, 'TaskDuration')) - spentBefore;
  const each = (spent * 1_000) / ((await updates(page)) - updatesBefore);
  await page.context().close();
  return [barred('50 live series of 600 points: one redraw', each, '<=', 16, 'ms')];
}

async function updates(page: Page): Promise<number> {
  return Number(await page.locator('[data-updates]').getAttribute('data-updates'));
}

async function proveScrolling(browser: Browser, plane: TestPlane): Promise<Figure[]> {
  const { page } = await entered(browser, plane);
  await page.goto(`${plane.url}/gallery?tab=logs`);
  await page.getByRole('log').waitFor();
  await page.waitForTimeout(1_000);
  const rate = await page.evaluate<number>(`new Promise((resolve) => {
    const frame = document.querySelector('[role="log"]');
    const began = performance.now();
    let frames = 0;
    const step = (now) => {
      frames += 1;
      frame.scrollTop = ((now - began) / 5_000) * frame.scrollHeight;
      if (now - began < 4_000) requestAnimationFrame(step);
      else resolve(frames / ((now - began) / 1_000));
    };
    frame.scrollTop = 0;
    requestAnimationFrame(step);
  })`);
  const lines = await page
    .getByText(/[\d,]+ lines/)
    .first()
    .textContent();
  await page.context().close();
  return [
    barred('scrolling through the log', rate, '>=', 50, 'frames/s'),
    told('entries in that log', Number(/([\d,]+) lines/.exec(lines ?? '')?.[1]?.replaceAll(',', '')), ''),
  ];
}

/** Live values on the overview; the heap is read after a collection. The first two minutes are for caches to fill. */
async function proveHeap(browser: Browser, plane: TestPlane): Promise<Figure[]> {
  const { page, cdp } = await entered(browser, plane);
  const heap = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return readMetric(cdp, 'JSHeapUsedSize');
  };
  await page.waitForTimeout(Math.min(120_000, heapMinutes * 20_000));
  const before = await heap();
  await page.waitForTimeout(heapMinutes * 60_000);
  const after = await heap();
  await page.context().close();
  return [
    barred(`heap after ${heapMinutes} minutes, against its beginning`, (after / before - 1) * 100, '<=', 10, '%'),
    told('heap', after / 1_048_576, 'MiB'),
  ];
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
