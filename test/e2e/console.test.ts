// The console in a real browser, served by a real control plane beside a machine with an incident: signs in, shows it, stays inert, notices loss.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { password } from '../web/server/plane.ts';
import { listenForComplaints, signIn } from './chromium.ts';
import { describeInChromium } from './in-chromium.ts';
import { watchFrozen } from './journeys/frozen.ts';

describeInChromium('the console', (on) => {
  async function visit(theme: 'light' | 'dark' = 'light', width = 1440): Promise<{ page: Page; complaints: string[] }> {
    const page = await on.open({ width, height: 900, theme });
    return { page, complaints: listenForComplaints(page) };
  }

  test('a wrong password is refused in words, the right one leads in, signing out leads back', async () => {
    const { page, complaints } = await visit();
    await page.goto(on.plane.url);
    await page.getByLabel('Name').fill('root-admin');
    await page.getByLabel('Password').fill('a wrong password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: /wrong/i }).waitFor();
    await signIn(page, on.plane.url, 'root-admin', password);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('button', { name: /Signed in as/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('the overview names what is unusual and why, and a reload stays signed in', async () => {
    const { page, complaints } = await visit();
    await signIn(page, on.plane.url, 'root-admin', password);
    await page
      .getByText('1 thing unusual now, 2 alerts fire, 1 process looks like a threat, 1 of 4 detectors do not answer.')
      .waitFor();
    await page.getByText('Memory 1.9 GiB, usually 1.1–1.3 GiB. Memory growth: 71 % of the score.').waitFor();
    await page.reload();
    await page.getByRole('slider', { name: /shop-api/ }).waitFor();
    await expect
      .poll(() => page.getByRole('slider', { name: /shop-api/ }).getAttribute('aria-valuetext'), { timeout: 10_000 })
      .toMatch(/1 in \d/);
    expect(complaints).toEqual([]);
  });

  test('names that mean harm are text and nothing else', async () => {
    const { page, complaints } = await visit();
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await signIn(page, on.plane.url, 'root-admin', password);
    await page.locator('[title*="<img src=x"]').first().waitFor({ state: 'attached' });
    await page.goto(`${on.plane.url}/gallery`);
    await page.getByText('<b onclick=alert(1)>shop</b>�gnp.exe').first().waitFor();
    expect(await page.locator('img, b[onclick]').count()).toBe(0);
    expect([dialogs, complaints]).toEqual([[], []]);
  });

  test('a search is one key away from anywhere on its page', async () => {
    const { page } = await visit();
    await signIn(page, on.plane.url, 'root-admin', password);
    await page.goto(`${on.plane.url}/anomalies`);
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate<string>('document.activeElement.type')).toBe('search');
  });

  test('a finger that taps a strip is told first, and looks closer with the second tap', async () => {
    const page = await on.open({ width: 390, height: 844, theme: 'light' });
    await signIn(page, on.plane.url, 'root-admin', password);
    const strip = page.getByRole('slider', { name: /shop-api/ });
    await strip.scrollIntoViewIfNeeded();
    await strip.tap();
    await page.locator('.tip').first().waitFor();
    expect(page.url()).not.toContain('from=');
    await strip.tap();
    await page.waitForURL(/from=\d+&to=\d+|to=\d+/);
  });

  test('the keyboard alone: palette, table, dialog', async () => {
    const { page } = await visit();
    await signIn(page, on.plane.url, 'root-admin', password);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('gall');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/gallery/);
    await page.goto(`${on.plane.url}/gallery?tab=tables`);
    const first = page.locator('tbody tr[tabindex="0"]').first();
    await first.focus();
    for (const key of ['j', 'j', 'k', ' ']) await page.keyboard.press(key);
    await page.getByText('1 marked').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('a chart is drawn when its values move on and it is in sight, the last one only once it is scrolled to', async () => {
    const { page, complaints } = await visit();
    await signIn(page, on.plane.url, 'root-admin', password);
    await page.goto(`${on.plane.url}/gallery?tab=live`);
    await page.locator('canvas').nth(49).waitFor();
    const pictures = () =>
      page.evaluate<string[]>(`[...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL())`);
    const before = await pictures();
    await expect.poll(async () => (await pictures())[0], { timeout: 10_000 }).not.toBe(before[0]);
    expect((await pictures())[49]).toBe(before[49]);
    await page.locator('canvas').nth(49).scrollIntoViewIfNeeded();
    await expect.poll(async () => (await pictures())[49], { timeout: 10_000 }).not.toBe(before[49]);
    expect(complaints).toEqual([]);
  });

  test('a server that goes without a word is told within 3 s, and found again by itself', async () => {
    const told = await watchFrozen(on.browser, 3);
    expect(Math.max(...told.map(({ lostSeconds }) => lostSeconds))).toBeLessThanOrEqual(3);
    expect(Math.max(...told.map(({ foundSeconds }) => foundSeconds))).toBeLessThanOrEqual(6);
  }, 120_000);
});
