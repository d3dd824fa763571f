// Pages that need something real to show: a deployment, a container, a series. axe looks at each and at what opens over it, light and dark, wide and narrow.
import { deepEqual } from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { password } from '../../web/server/plane.ts';
import { listTooWide, listViolations, settle } from '../axe.ts';
import { openContext, signIn } from '../chromium.ts';
import type { EngineConsole } from '../engine-console.ts';
import { listInSheets, sheetsRunning } from './sheets.ts';

const waitMilliseconds = 15_000;
const widths = [1440, 320];
const themes = ['light', 'dark'] as const;

export async function accessible(browser: Browser, { it }: EngineConsole): Promise<void> {
  const { body } = await it.admin.call('GET', `/environments/${it.defaultEnvironment}/deployments/shop`);
  const { container } = body.tasks.find(({ state }: { state: string }) => state === 'running');
  const labels = JSON.stringify({ instance: 'orion', name: 'shop-api', metric: 'memory' });
  const paths = [
    ...['', 'revisions&a=r1&b=r2', 'log', 'health', 'events', 'history', 'settings'].map(
      (tab) => `/deployments/shop${tab === '' ? '' : `?tab=${tab}`}`,
    ),
    ...['/deployments', '/deploy', '/deploy?from=compose', '/deployments/shop/update', '/containers', '/nodes'],
    ...['', '?tab=log', '?tab=health', '?tab=charts'].map((tab) => `/containers/${container}${tab}`),
    ...['/volumes', '/networks', '/secrets'],
    `/anomalies/series?${new URLSearchParams({ detector: 'container', labels })}`,
  ];
  const found: string[] = [];
  for (const theme of themes)
    for (const width of widths) {
      const context = await openContext(browser, { width, height: 900, theme });
      context.setDefaultTimeout(waitMilliseconds);
      const page = await context.newPage();
      await signIn(page, it.url, 'root-admin', password);
      for (const path of paths) {
        const where = `${theme} ${width} px ${path}`;
        await page.goto(it.url + path);
        await settle(page);
        found.push(...(await listViolations(page, where)), ...(await listTooWide(page, where)));
      }
      if (width === widths[0]) found.push(...(await listInSheets(page, it.url, sheetsRunning)));
      await context.close();
    }
  deepEqual(found, []);
}
