// How soon a page shows something and can be used, with a processor that is slowed four times.
import type { Browser, Page } from 'playwright-core';
import { openContext, signIn } from '../../e2e/chromium.ts';
import { password, type TestPlane } from '../../web/server/plane.ts';
import { barred, type Figure } from '../figure.ts';
import { wide } from './entered.ts';

export const slowdown = 4;

export async function proveSpeed(browser: Browser, plane: TestPlane): Promise<Figure[]> {
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

/** When the text is there that means that a person can begin, in ms since the navigation. */
const watchFor = (selector: string) => `new Promise((resolve) => {
  const look = () => document.querySelector(${JSON.stringify(selector)}) ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})`;

function firstPaint(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName('first-contentful-paint');
    if (paint) resolve(paint.startTime);
  }).observe({ type: 'paint', buffered: true }))`);
}
