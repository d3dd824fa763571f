// Debian's Chromium for tests: found on this machine, started without its own calls home, ended with the test.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const findChromium = (): string | undefined => candidates.find((path) => existsSync(path));
/** As it was when the tests began. */
export const chromiumPath = findChromium();

const quiet = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--force-color-profile=srgb', '--hide-scrollbars'],
];

export function openChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium on this machine');
  return chromium.launch({ executablePath: chromiumPath, headless: true, args: quiet, timeout: 30_000 });
}

export interface Look {
  width: number;
  height: number;
  theme: 'light' | 'dark';
}

/** A browser of its own with nothing remembered. */
export function openContext(browser: Browser, { width, height, theme }: Look): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    hasTouch: width < 500,
    isMobile: width < 500,
  });
}

/** What a page complained about: exceptions, refused styles and scripts. What the server refuses has a face of its own. */
export function listenForComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return complaints;
}

export async function signIn(page: Page, url: string, name: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('main#page').waitFor();
}
