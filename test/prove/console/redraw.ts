// What one update of fifty live series costs: all fifty in sight, all fifty drawn anew.
import type { Browser, Page } from 'playwright-core';
import type { TestPlane } from '../../web/server/plane.ts';
import { barred, type Figure, told } from '../figure.ts';
import { enter, readMetrics } from './entered.ts';

/** So high that no chart is out of sight: what is not seen is not drawn and would cost nothing. */
const tall = { width: 1440, height: 2_100, theme: 'light' } as const;
const updates = 20;
const counted = ['ThreadTime', 'ProcessTime', 'TaskDuration'] as const;

/**
 * Everything that the page's main thread does for an update, as processor time: script, style, layout, paint and what becomes of the canvases,
 * and whatever else the page did in that second. It is the work that must fit into a frame, on a busy machine as on an idle one.
 */
export async function proveRedraw(browser: Browser, plane: TestPlane): Promise<Figure[]> {
  const { page, cdp } = await enter(browser, plane, tall);
  await page.goto(`${plane.url}/gallery?tab=live`);
  await page.locator('[data-updates="3"]').waitFor();
  const before = await pictures(page);
  await page.locator('[data-updates="4"]').waitFor();
  await page.waitForTimeout(500); // half way between two updates: each second from here on holds one of them
  const after = await pictures(page);
  const [first, countBefore] = [await readMetrics(cdp, counted), await readUpdates(page)];
  const seconds: number[] = [];
  let [last, began] = [first, first.ThreadTime];
  for (let update = 0; update < updates; update++) {
    await page.waitForTimeout(1_000);
    last = await readMetrics(cdp, counted);
    seconds.push(last.ThreadTime - began);
    began = last.ThreadTime;
  }
  const count = (await readUpdates(page)) - countBefore;
  await page.context().close();
  const each = (name: (typeof counted)[number]) => ((last[name] - first[name]) * 1_000) / count;
  return [
    barred('live series in sight and drawn anew', redrawn(before, after), '==', 50),
    barred('50 live series of 600 points: one redraw', each('ThreadTime'), '<=', 16, 'ms of the main thread'),
    told('50 live series: the dearest of all seconds', Math.max(...seconds) * 1_000, 'ms of the main thread'),
    told('50 live series: one redraw, all threads of the page', each('ProcessTime'), 'ms'),
    told('50 live series: one redraw by the clock', each('TaskDuration'), 'ms'),
  ];
}

/** What each canvas that is in sight as a whole looks like. */
function pictures(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('figure canvas')]
    .filter((canvas) => { const { top, bottom } = canvas.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; })
    .map((canvas) => canvas.toDataURL())`);
}

function redrawn(before: readonly string[], after: readonly string[]): number {
  return after.filter((picture, index) => picture !== before[index]).length;
}

async function readUpdates(page: Page): Promise<number> {
  return Number(await page.locator('[data-updates]').getAttribute('data-updates'));
}
