// The first run as a person meets it: the token, the admin, five steps of welcome; and the door behind it is an ordinary one then.
import { equal } from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { type FreshPlane, password } from '../../web/server/plane.ts';
import { heading, visit } from './visit.ts';

export async function firstRun(browser: Browser, { url, setupToken }: FreshPlane): Promise<void> {
  await visit(browser, url, undefined, async (page) => {
    await page.getByRole('heading', { name: 'Make the first admin' }).waitFor();
    await fillEntry(page, 'not-the-token');
    await page.getByRole('alert').first().waitFor();
    await page.getByRole('heading', { name: 'Make the first admin' }).waitFor();
    await fillEntry(page, setupToken!);
    await heading(page, 'Welcome');
    await page.getByText('answers; history is kept').waitFor();
    await page.getByText('Detectors', { exact: true }).first().waitFor();
    await page.getByText(/^(All \d+ checks are fine|Of \d+ checks )/).waitFor();
    await page
      .getByText(/^\d+(\.\d+)? GiB$/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Check again' }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'What was found' }).waitFor();
    await page.locator('dd').getByText('inference', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Who is told of alerts' }).waitFor();
    await tellSomebody(page);
    await page.getByRole('button', { name: 'Skip', exact: true }).click();
    await page.getByRole('heading', { name: 'A second factor' }).waitFor();
    await page.getByRole('button', { name: 'Skip', exact: true }).click();
    await page.getByRole('link', { name: 'To the overview' }).click();
    await heading(page, 'Overview');
    await page.reload();
    await heading(page, 'Overview');
  });
  await visit(browser, url, undefined, async (page) => {
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    equal(await page.getByLabel('Set-up token').count(), 0);
  });
}

/** What is not right is said at its field and kept; it is not put into force, and nothing holds a person here. */
async function tellSomebody(page: Page): Promise<void> {
  await page.getByText('nobody is called').waitFor();
  await page.getByRole('button', { name: 'ntfy' }).click();
  await page.getByLabel('Topic').fill('not a topic');
  await page.getByRole('button', { name: 'Save and put into force' }).click();
  await page.getByRole('alert').first().waitFor();
  equal(await page.getByLabel('Topic').inputValue(), 'not a topic');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByText('nobody is called').waitFor();
}

async function fillEntry(page: Page, token: string): Promise<void> {
  await page.getByLabel('Set-up token').fill(token);
  await page.getByLabel('Your name').fill('root-admin');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password again').fill(password);
  await page.getByRole('button', { name: 'Make the admin' }).click();
}
