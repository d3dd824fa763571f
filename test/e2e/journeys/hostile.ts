// What means harm is text and nothing else: markup, direction marks, escapes and 64 KB, in a container's name, in labels and in a log.
import { deepEqual, ok } from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { EngineConsole } from '../engine-console.ts';
import { ended, fillForm } from './deploy.ts';
import { heading, visit } from './visit.ts';

/** Turns the direction, hides, or begins a terminal's command: never in what a page shows. */
const harmful = /[\u001b\u202a-\u202e\u2066-\u2069\u200b-\u200f]/;

const lines = [
  '<img src=x onerror=alert(1)> <script>alert(2)</script>',
  'turned \u202egnp.exe and \u2066isolated',
  '\u001b[31mred\u001b[0m \u001b]8;;http://evil.test\u0007link\u001b]8;;\u0007 \u001b[2J\u001b[H',
  ...['long LONG behind', 'the last line'],
];

/** The world beside the control plane has a container whose name means harm. */
export async function hostileNames(browser: Browser, url: string): Promise<void> {
  await visit(browser, url, 'root-admin', async (page) => {
    for (const path of ['/', '/anomalies', '/containers', '/welcome?step=found', '/processes']) {
      await page.goto(url + path);
      await heading(page, /./);
      if (path === '/' || path === '/anomalies')
        await page
          .locator('[title*="<img src=x"], :text("<img src=x onerror=")')
          .first()
          .waitFor({ state: 'attached' });
      await isInert(page, path);
    }
    await page.goto(`${url}/anomalies`);
    await page
      .getByRole('link', { name: /<img src=x onerror/ })
      .first()
      .click();
    await heading(page, /<img src=x onerror/);
    await isInert(page, 'its series');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('onerror');
    await isInert(page, 'the palette');
  });
}

/** Lines that a container of a real engine writes, as the engine hands them on. */
export async function hostileLog(browser: Browser, { it }: EngineConsole): Promise<void> {
  const text = Buffer.from(`${lines.join('\n')}\n`).toString('base64');
  const write = `process.stdout.write(Buffer.from('${text}', 'base64').toString().replace('LONG', 'x'.repeat(65536)))`;
  const args = `-e "${write}; setInterval(() => {}, 1000); process.once('SIGTERM', () => process.exit(0))"`;
  await visit(browser, it.url, 'root-admin', async (page) => {
    await fillForm(page, { name: 'strange', args });
    await ended(page, /strange as r1/);
    await page.getByRole('link', { name: 'Open strange' }).click();
    await page.getByRole('tab', { name: 'Log', exact: true }).click();
    const log = page.getByRole('log', { name: 'Log of strange' });
    await log.getByText('the last line').waitFor();
    await log.getByText('<img src=x onerror=alert(1)>').waitFor();
    await log.getByText('gnp.exe').waitFor();
    await log.getByText('red').first().waitFor();
    await isInert(page, 'the log of a deployment');
    const widest = await page.evaluate<number>(
      'Math.max(...[...document.querySelectorAll("[role=log] .text")].map((one) => one.textContent.length))',
    );
    ok(widest > 1_000 && widest <= 66_000, `the longest line has ${widest} characters`);
    ok(
      await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'),
      'the page itself scrolls sideways',
    );
  });
}

async function isInert(page: Page, where: string): Promise<void> {
  deepEqual(await page.locator('main img, main script, [onerror], [onclick], a[href*="evil"]').count(), 0, where);
  const shown = await page.evaluate<string>('document.body.innerText + document.title');
  const found = harmful.exec(shown);
  ok(found === null, `${where}: U+${found?.[0].codePointAt(0)?.toString(16)} is shown`);
}
