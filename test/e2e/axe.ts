// What axe finds on a page as it stands in the browser.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Violations as lines of text; the script is put in by the browser's own tools, which the policy does not see. */
export async function listViolations(page: Page, where: string): Promise<string[]> {
  await page.evaluate(`(() => { ${axe.source} })()`);
  const violations = await page.evaluate<{ id: string; nodes: { html: string; failureSummary?: string }[] }[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ html, failureSummary = '' }) => `${where} ${id}: ${html.slice(0, 140)} ${failureSummary.slice(0, 200)}`),
  );
}
