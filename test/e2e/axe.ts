// What axe finds on a page as it stands in the browser, and whether the page is as wide as its window.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const waitMilliseconds = 15_000;

/** Until nothing says that it is still reading, and what was read has been drawn. The gallery shows busy parts on purpose. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  if (!new URL(page.url()).pathname.startsWith('/gallery'))
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: waitMilliseconds });
  if ((await page.getByText('This page failed').count()) > 0) throw new Error(`the page failed at ${page.url()}`);
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 60))))',
  );
}

/** Violations within a part of the page as lines of text; the script is put in by the browser's own tools, which the policy does not see. */
export async function listViolations(page: Page, where: string, part = 'html'): Promise<string[]> {
  await page.evaluate(`globalThis.axe ?? (() => { ${axe.source} })()`);
  const violations = await page.evaluate<{ id: string; nodes: { html: string; failureSummary?: string }[] }[]>(
    `axe.run(document.querySelector(${JSON.stringify(part)}), { resultTypes: ["violations"] }).then((result) => result.violations)`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ html, failureSummary = '' }) => `${where} ${id}: ${html.slice(0, 140)} ${failureSummary.slice(0, 200)}`),
  );
}

/** By how much the page, its main part or a table has to be scrolled sideways. A phone lets its window grow: its own width is what counts. */
export async function listTooWide(page: Page, where: string): Promise<string[]> {
  const wider = await page.evaluate<string[]>(`['html', 'main', '[role="region"]:has(> table)'].flatMap((part) =>
    [...document.querySelectorAll(part)].flatMap((one) => {
      const name = one.getAttribute('aria-label') ?? part;
      const { scrollWidth, clientWidth } = one;
      return scrollWidth > clientWidth ? [name + ' is ' + (scrollWidth - clientWidth) + ' px wider than its window of ' + clientWidth + ' px'] : [];
    }))`);
  return wider.map((words) => `${where}: ${words}`);
}
