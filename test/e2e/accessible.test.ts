// Every page, tab, dialog and menu of the scripted world as axe sees it, in both themes; and on a screen of 320 px nothing is scrolled sideways.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { password } from '../web/server/plane.ts';
import { listTooWide, listViolations, settle } from './axe.ts';
import { signIn } from './chromium.ts';
import { listPagePaths } from './console-plane.ts';
import { describeInChromium } from './in-chromium.ts';
import { drawer, listInSheets, sheetsWatching } from './journeys/sheets.ts';

const labels = JSON.stringify({ instance: 'orion', name: 'shop-api', metric: 'memory' });
/** Faces of pages that an address leads to. */
const faces = [
  ...['tokens', 'people', 'policy', 'environments', 'registries'].map((tab) => `/settings?tab=${tab}`),
  ...['charts', 'tables', 'logs', 'forms', 'live'].map((tab) => `/gallery?tab=${tab}`),
  ...['found', 'notifications', 'second-factor', 'done'].map((step) => `/welcome?step=${step}`),
  `/anomalies/series?${new URLSearchParams({ detector: 'container', labels })}`,
];

describeInChromium('axe on the console', (on) => {
  async function enter(theme: 'light' | 'dark', width: number): Promise<{ page: Page; atTheDoor: string[] }> {
    const page = await on.open({ width, height: 900, theme });
    page.setDefaultTimeout(15_000);
    await page.goto(on.plane.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const atTheDoor = [...(await listViolations(page, 'sign-in')), ...(await listTooWide(page, 'sign-in'))];
    await signIn(page, on.plane.url, 'root-admin', password);
    return { page, atTheDoor };
  }

  describe.each(['light', 'dark'] as const)('%s', (theme) => {
    test('nothing on any page or any face of it', async () => {
      const { page, atTheDoor: found } = await enter(theme, 1440);
      for (const path of [...listPagePaths(), ...faces]) {
        await page.goto(on.plane.url + path);
        await settle(page);
        found.push(...(await listViolations(page, path)));
      }
      expect(found).toEqual([]);
    }, 180_000);

    test('nothing in any dialog, sheet or menu', async () => {
      const { page } = await enter(theme, 1440);
      expect(await listInSheets(page, on.plane.url, sheetsWatching)).toEqual([]);
    }, 120_000);
  });

  test('a screen of 320 px is never scrolled sideways, and axe finds nothing in its drawer', async () => {
    const { page, atTheDoor: found } = await enter('light', 320);
    for (const path of [...listPagePaths(), ...faces]) {
      await page.goto(on.plane.url + path);
      await settle(page);
      found.push(...(await listTooWide(page, path)));
    }
    found.push(...(await listInSheets(page, on.plane.url, [drawer])));
    expect(found).toEqual([]);
  }, 120_000);

  test('what the looks are for is found: a page that is too wide, a link that only its colour shows, a heading that is left out', async () => {
    const { page } = await enter('light', 320);
    await page.route('**/faulty', (route) => route.fulfill({ contentType: 'text/html', body: faulty }));
    await page.goto(`${on.plane.url}/faulty`);
    await settle(page);
    expect(await listTooWide(page, 'faulty')).toEqual(['faulty: html is 80 px wider than its window of 320 px']);
    const found = (await listViolations(page, 'faulty')).map((words) => words.split(':')[0]);
    expect(found).toEqual(['faulty heading-order', 'faulty link-in-text-block']);
  });
});

const faulty = `<!doctype html><html lang="en"><title>Faulty</title><meta name="viewport" content="width=device-width">
<style>body { margin: 0 } a { color: #6d6d70; text-decoration: none } p { color: #333 }</style>
<main style="width: 400px"><h1>Faulty</h1><h3>Third</h3><p>Here is <a href="/">a link</a> inside text.</p></main></html>`;
