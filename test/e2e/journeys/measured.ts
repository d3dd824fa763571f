// What is really measured reaches the pages: the machine, the containers of the engine with their values of this second, and scores.
import { equal, ok } from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { EngineConsole } from '../engine-console.ts';
import { heading, visit } from './visit.ts';

/** A detector's first scores come after some twenty rows, of a second each here. */
const scoredMilliseconds = 90_000;

export async function measured(browser: Browser, { it }: EngineConsole): Promise<void> {
  await visit(browser, it.url, 'root-admin', async (page) => {
    await page.goto(`${it.url}/containers`);
    await heading(page, 'Containers');
    const row = page.getByRole('row').filter({ hasText: 'shop-r' }).filter({ hasText: 'healthy' }).first();
    await row.getByText(/\d(\.\d+)?\s*MiB/).waitFor();
    await row.getByText(/\d\s*cores?/).waitFor(); // a rate needs two looks
    await row.getByRole('link').first().click();
    await page
      .getByText(/\d(\.\d+)?\s*MiB/)
      .first()
      .waitFor();
    await page.goto(`${it.url}/deployments/shop?tab=charts`);
    await page.getByRole('figure', { name: /^Memory: r\d+ \d.* MiB/ }).waitFor();
    await page.getByRole('figure', { name: /^Replicas: r\d+ \d/ }).waitFor();
    await page.goto(`${it.url}/nodes`);
    await heading(page, 'Nodes');
    const machine = page.getByRole('region', { name: 'Measured machines' }).getByRole('row').nth(1);
    await machine
      .getByText(/\d\s*%/)
      .first()
      .waitFor();
    await page.goto(`${it.url}/anomalies`);
    await heading(page, 'Anomalies');
    await page
      .getByRole('row')
      .filter({ hasText: /ordinary|1 in/ })
      .first()
      .waitFor({ timeout: scoredMilliseconds });
    // What is drawn is what Prometheus has: the overview says the machine's load as the API read it there.
    const { body } = await it.admin.call('GET', '/overview');
    equal(body.nodes.state, 'known');
    equal(body.nodes.items[0].cpuRatio.state, 'known');
    const now = Math.floor(Date.now() / 1_000);
    const strips = await it.admin.call('GET', `/anomalies/strips?start=${now - 300}&end=${now}`);
    ok(
      strips.body.items.some(({ scores }: { scores: (number | null)[] }) => scores.some((score) => score !== null)),
      'no minute of any strip is known',
    );
    await page.goto(it.url);
    const bill = page.getByRole('region', { name: 'What Odyssey costs' });
    for (const part of ['collector', 'detectors', 'prometheus', 'ingress'])
      await bill
        .getByRole('row')
        .filter({ hasText: part })
        .getByText(/\d\s*MiB/)
        .waitFor();
  });
}
