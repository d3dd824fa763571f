// Whether a page that is left open on a wall grows: the heap of the overview while values come, after a collection.
import type { Browser } from 'playwright-core';
import type { TestPlane } from '../../web/server/plane.ts';
import { barred, type Figure, told } from '../figure.ts';
import { enter, readMetrics } from './entered.ts';

/** The first two minutes are for caches to fill. */
export async function proveHeap(browser: Browser, plane: TestPlane, minutes: number): Promise<Figure[]> {
  const { page, cdp } = await enter(browser, plane);
  const measure = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return readMetrics(cdp, ['JSHeapUsedSize', 'Nodes', 'JSEventListeners']);
  };
  await page.waitForTimeout(Math.min(120_000, minutes * 20_000));
  const before = await measure();
  await page.waitForTimeout(minutes * 60_000);
  const after = await measure();
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
