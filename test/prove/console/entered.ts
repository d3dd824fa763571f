// A page of the console with somebody signed in, and what the browser itself counts of it.
import type { Browser, CDPSession, Page } from 'playwright-core';
import { type Look, openContext, signIn } from '../../e2e/chromium.ts';
import { password, type TestPlane } from '../../web/server/plane.ts';

export const wide: Look = { width: 1440, height: 900, theme: 'light' };

export interface Entered {
  page: Page;
  cdp: CDPSession;
}

export async function enter(browser: Browser, plane: TestPlane, look = wide): Promise<Entered> {
  const context = await openContext(browser, look);
  const page = await context.newPage();
  await signIn(page, plane.url, 'root-admin', password);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  return { page, cdp };
}

/**
 * Counted since the page began, in seconds and bytes: `ThreadTime` is processor time of the main thread, `ProcessTime` that of all threads of
 * the page, `TaskDuration` how long the tasks of the main thread took by the clock, whoever else used the processor meanwhile.
 */
export async function readMetrics<Name extends string>(
  cdp: CDPSession,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const found = new Map(metrics.map(({ name, value }) => [name, value]));
  return Object.fromEntries(names.map((name) => [name, found.get(name) ?? Number.NaN])) as Record<Name, number>;
}
