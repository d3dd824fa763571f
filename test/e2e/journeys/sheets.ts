// What opens over the pages — dialogs, sheets, menus, the palette, the drawer — and what axe finds in each.
import type { Locator, Page } from 'playwright-core';
import { listViolations, settle } from '../axe.ts';

/** Opened by a key, or by pressing the first control that `find` leads to. */
interface Sheet {
  path: string;
  name: string;
  key?: string;
  find?: (page: Page) => Locator;
}

const sheet = 'dialog[open], .menu .sheet, .rail.open';

const button = (path: string, name: string): Sheet => ({
  ...{ path, name },
  find: (page) => page.getByRole('button', { name, exact: !name.endsWith(' ') }),
});
const row = (path: string, name: string): Sheet => ({
  ...{ path, name },
  find: (page) => page.locator('main tbody tr[tabindex="0"]'),
});

/** In the scripted world, those of one page together. */
export const sheetsWatching: readonly Sheet[] = [
  { path: '/', name: 'the palette', key: 'Control+k' },
  { path: '/', name: 'the keys', key: '?' },
  ...['Time: ', 'Theme', 'Signed in as ', 'Environment: '].map((name) => button('/', name)),
  {
    path: '/alerts',
    name: 'Silence',
    find: (page) => page.locator('main tbody').getByRole('button', { name: 'Silence' }),
  },
  { path: '/alerts', name: 'an alert', find: (page) => page.locator('main tbody a') },
  row('/audit', 'a record'),
  row('/processes', 'a threat'),
  button('/settings?tab=tokens', 'Make a token'),
  button('/settings?tab=people', 'Invite somebody'),
  ...['Make an environment', 'Change'].map((name) => button('/settings?tab=environments', name)),
  button('/settings?tab=registries', 'Add a registry'),
  row('/gallery?tab=tables', 'a row'),
  ...['A dialog', 'A side sheet', 'Something dangerous', 'The password once more'].map((name) =>
    button('/gallery?tab=forms', name),
  ),
];

/** Where a deployment `shop` runs. */
export const sheetsRunning: readonly Sheet[] = [
  ...['Scale', 'More to do'].map((name) => button('/deployments/shop', name)),
  button('/deployments/shop?tab=settings', 'Remove it'),
  button('/secrets', 'Make a secret'),
  button('/volumes', 'Make a volume'),
  button('/networks', 'Make a network'),
  button('/nodes', 'Add a node'),
  { path: '/nodes', name: 'a node', find: (page) => page.locator('[aria-labelledby="swarm"] tbody tr[tabindex="0"]') },
];

/** On a narrow screen. */
export const drawer: Sheet = button('/', 'Menu');

export async function listInSheets(page: Page, url: string, sheets: readonly Sheet[]): Promise<string[]> {
  const found: string[] = [];
  let at = '';
  for (const one of sheets) {
    if (at !== one.path) {
      await page.goto(url + one.path);
      await settle(page);
    }
    at = one.path;
    if (one.key !== undefined) await page.keyboard.press(one.key);
    else await one.find?.(page).first().click();
    const opened = page.locator(sheet).first();
    await opened.waitFor().catch(() => found.push(`${one.path}: “${one.name}” opens nothing`));
    if ((await opened.count()) === 0) continue;
    await settle(page);
    found.push(...(await listViolations(page, `${one.path}, “${one.name}”`, sheet)));
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'detached' });
  }
  return found;
}
