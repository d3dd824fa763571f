// What every journey begins and ends with: a browser that remembers nothing, somebody signed in, and nothing to complain about at the end.
import { deepEqual } from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { password } from '../../web/server/plane.ts';
import { listenForComplaints, openContext, signIn } from '../chromium.ts';

const look = { width: 1440, height: 900, theme: 'light' } as const;
const waitMilliseconds = 15_000;

/** Signed in as `name`, or before the door without one. Rejects where the page complained or opened a dialog of the browser's own. */
export async function visit(
  browser: Browser,
  url: string,
  name: string | undefined,
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await openContext(browser, look);
  context.setDefaultTimeout(waitMilliseconds);
  const page = await context.newPage();
  try {
    const complaints = listenForComplaints(page);
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    if (name === undefined) await page.goto(url);
    else await signIn(page, url, name, password);
    await act(page);
    deepEqual(complaints, []);
  } catch (error) {
    const words = await page.evaluate<string>('document.body.innerText').catch(() => 'nothing');
    throw new Error(`${(error as Error).message} At ${page.url()} it said: ${words.slice(-600)}`, { cause: error });
  } finally {
    await context.close();
  }
}

export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}
