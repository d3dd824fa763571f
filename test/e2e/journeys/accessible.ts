// Pages that need something real to show: a deployment, a container, a series. axe looks at each, light and dark, wide and narrow.
import { deepEqual } from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { password } from '../../web/server/plane.ts';
import { listViolations } from '../axe.ts';
import { openContext, signIn } from '../chromium.ts';
import type { EngineConsole } from '../engine-console.ts';
import { heading } from './visit.ts';

const looks = [
  { width: 1440, height: 900, theme: 'light' },
  { width: 390, height: 844, theme: 'dark' },
] as const;
const drawMilliseconds = 500;

export async function accessible(browser: Browser, { it }: EngineConsole): Promise<void> {
  const { body } = await it.admin.call('GET', `/environments/${it.defaultEnvironment}/deployments/shop`);
  const { container } = body.tasks.find(({ state }: { state: string }) => state === 'running');
  const labels = JSON.stringify({ instance: 'orion', name: 'shop-api', metric: 'memory' });
  const paths = [
    ...['', 'revisions&a=r1&b=r2', 'log', 'health', 'events', 'history', 'settings'].map(
      (tab) => `/deployments/shop${tab === '' ? '' : `?tab=${tab}`}`,
    ),
    ...['/deployments', '/deploy', '/deploy?from=compose', '/deployments/shop/update', '/containers', '/nodes'],
    ...[`/containers/${container}`, `/containers/${container}?tab=log`, '/volumes', '/networks', '/secrets'],
    `/anomalies/series?${new URLSearchParams({ detector: 'container', labels })}`,
    ...['tokens', 'people', 'environments', 'policy', 'registries'].map((tab) => `/settings?tab=${tab}`),
  ];
  const found: string[] = [];
  for (const look of looks) {
    const context = await openContext(browser, look);
    const page = await context.newPage();
    await signIn(page, it.url, 'root-admin', password);
    for (const path of paths) {
      await page.goto(it.url + path);
      await heading(page, /./);
      await page.waitForTimeout(drawMilliseconds);
      found.push(...(await listViolations(page, `${look.theme} ${path}`)));
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (wider > 0) found.push(`${look.theme} ${path} is ${wider} px wider than the window`);
    }
    await context.close();
  }
  deepEqual(found, []);
}
