// The console on a phone of 390 px, as somebody opens it at night: nothing is scrolled sideways, every table shows what is wrong, since when and
// what can be done, a finger hits what it means, and the keyboard goes on working.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { password } from '../web/server/plane.ts';
import { listTooWide, listViolations, settle } from './axe.ts';
import { signIn } from './chromium.ts';
import { listPagePaths } from './console-plane.ts';
import { describeInChromium } from './in-chromium.ts';

const width = 390;
const rowHeightMin = 44;
const targetMin = 24;
/** Faces of pages that an address leads to. */
const faces = [
  ...['tokens', 'people', 'policy', 'environments', 'registries', 'retention'].map((tab) => `/settings?tab=${tab}`),
  ...['/processes?tab=processes', '/processes?tab=allowed', '/gallery?tab=tables', '/audit?action=session:open'],
];

describeInChromium('a phone', (on) => {
  async function enter(theme: 'light' | 'dark'): Promise<Page> {
    const page = await on.open({ width, height: 844, theme });
    page.setDefaultTimeout(15_000);
    await signIn(page, on.plane.url, 'root-admin', password);
    return page;
  }
  async function go(page: Page, path: string): Promise<void> {
    await page.goto(on.plane.url + path);
    await settle(page);
  }

  test.each(['light', 'dark'] as const)(
    'no page is scrolled sideways, a finger hits what it means, axe finds nothing: %s',
    async (theme) => {
      const page = await enter(theme);
      const found: string[] = [];
      for (const path of [...listPagePaths(), ...faces]) {
        await go(page, path);
        found.push(...(await listTooWide(page, path)), ...(await listTooSmall(page, path)));
        found.push(...(await listViolations(page, path)));
      }
      expect(found).toEqual([]);
    },
    240_000,
  );

  test.each([
    { path: '/processes', row: /crypto miner.*critical.*pool.*Began\s*\d+ min ago/s },
    { path: '/anomalies', row: /shop-api.*1 in 4,000.*usually.*Metric/s },
    { path: '/alerts', row: /TargetDown.*critical.*does not answer.*min ago.*Silence/s },
    { path: '/audit', row: /session:open.*done.*When.*ago.*root-admin/s },
  ])(
    'the first row of $path says what is wrong, since when, what can be done, within its window',
    async ({ path, row }) => {
      const page = await enter('light');
      await go(page, path);
      const first = page.getByRole('row').nth(1);
      await expect.poll(() => first.textContent()).toMatch(row);
      const box = (await first.boundingBox())!;
      expect([box.x >= 0, box.x + box.width <= width, box.y + box.height <= 844]).toEqual([true, true, true]);
    },
  );

  test('2,000 rows: a choice sorts, End leads to the last one and draws it, Enter opens it', async () => {
    const page = await enter('light');
    await go(page, '/gallery?tab=tables');
    const table = page.getByRole('table').first();
    await page.getByLabel('Sort by').first().selectOption({ label: 'Name' });
    await expect
      .poll(() => table.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort'))
      .toBe('ascending');
    await page.locator('main tbody tr[tabindex="0"]').first().focus();
    await page.keyboard.press('End');
    const last = table.locator('tr[aria-rowindex="2001"]');
    await last.waitFor();
    const focused = 'document.activeElement.getAttribute("aria-rowindex")';
    expect(await page.evaluate(focused)).toBe('2001');
    const seen = `(() => {
      const [row, box] = [document.activeElement, document.activeElement.closest('[role=region]')].map((one) => one.getBoundingClientRect());
      return row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
    })()`;
    expect(await page.evaluate(seen)).toBe(true);
    await page.keyboard.press('k');
    expect(await page.evaluate(focused)).toBe('2000');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
  });

  test('what the looks are for is found: a table that is too wide, a row and a button that are too small', async () => {
    const page = await enter('light');
    await page.route('**/faulty', (route) => route.fulfill({ contentType: 'text/html', body: faulty }));
    await go(page, '/faulty');
    expect(await listTooWide(page, 'faulty')).toEqual(['faulty: things is 110 px wider than its window of 390 px']);
    expect(await listTooSmall(page, 'faulty')).toEqual(['faulty: tr is 30 px high', 'faulty: button x is 20 px high']);
  });
});

/** Rows that a finger opens, and controls, that are too low to be hit; the words of a control's label belong to it. */
async function listTooSmall(page: Page, where: string): Promise<string[]> {
  const small = await page.evaluate<
    string[]
  >(`['tbody tr[tabindex]', ':is(button, select, summary, input, textarea):not(.visually-hidden)'].flatMap((part, place) =>
    [...document.querySelectorAll('main ' + part)].flatMap((one) => {
      const { height } = (one.closest('label') ?? one).getBoundingClientRect();
      const name = (one.tagName.toLowerCase() + ' ' + (place === 0 ? '' : one.textContent.trim().slice(0, 20))).trim();
      return height > 1 && height < (place === 0 ? ${rowHeightMin} : ${targetMin}) ? [name + ' is ' + Math.round(height) + ' px high'] : [];
    }))`);
  return [...new Set(small)].map((words) => `${where}: ${words}`);
}

const faulty = `<!doctype html><html lang="en"><title>Faulty</title><meta name="viewport" content="width=device-width">
<style>body { margin: 0 } [role=region] { overflow: auto } table { border-collapse: collapse } td { padding: 0 }</style>
<main><h1>Faulty</h1><div role="region" aria-label="things" tabindex="0"><table style="width: 500px"><tbody>
<tr tabindex="0" style="height: 30px"><td><button style="height: 20px; padding: 0; border: 0">x</button></td></tr></tbody></table></div></main></html>`;
