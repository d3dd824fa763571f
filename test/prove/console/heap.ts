// Whether a page that is left open on a wall grows: the heap of the overview while values come, after a collection.
import type { Browser, CDPSession } from 'playwright-core';
import type { TestPlane } from '../../web/server/plane.ts';
import { barred, type Figure, told } from '../figure.ts';
import { enter, readMetrics } from './entered.ts';

const readings = 5;
const betweenMilliseconds = 4_000;

/** The first two minutes are for caches to fill and for the engine to compile what runs often. */
export async function proveHeap(browser: Browser, plane: TestPlane, minutes: number): Promise<Figure[]> {
  const { page, cdp } = await enter(browser, plane);
  await page.waitForTimeout(Math.min(120_000, minutes * 20_000));
  const before = await readKept(cdp);
  await page.waitForTimeout(minutes * 60_000);
  const after = await readKept(cdp);
  await page.context().close();
  return [
    barred(
      `heap after ${minutes} minutes, against its beginning`,
      (after.JSHeapUsedSize / before.JSHeapUsedSize - 1) * 100,
      ...(['<=', 10, '%'] as const),
    ),
    told('heap', after.JSHeapUsedSize / 1_048_576, 'MiB'),
    told('nodes of the document more than at its beginning', after.Nodes - before.Nodes),
    told('listeners more than at its beginning', after.JSEventListeners - before.JSEventListeners),
  ];
}

/** The least of several readings: an answer that is being read at one of them is held for a moment, not kept. */
async function readKept(cdp: CDPSession) {
  const found = [];
  for (let reading = 0; reading < readings; reading++) {
    if (reading > 0) await new Promise((resolve) => setTimeout(resolve, betweenMilliseconds));
    await cdp.send('HeapProfiler.collectGarbage');
    found.push(await readMetrics(cdp, ['JSHeapUsedSize', 'Nodes', 'JSEventListeners']));
  }
  return found.reduce((least, one) => (one.JSHeapUsedSize < least.JSHeapUsedSize ? one : least));
}
