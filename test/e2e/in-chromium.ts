// Tests of the console in a browser: one control plane and one Chromium for all of a file; skipped by name where there is no Chromium.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { TestPlane } from '../web/server/plane.ts';
import { chromiumPath, type Look, openChromium, openContext } from './chromium.ts';
import { openConsolePlane } from './console-plane.ts';

/** There from the first test on. */
interface InChromium {
  readonly plane: TestPlane;
  readonly browser: Browser;
  /** A browser of its own with nothing remembered, closed after the test. */
  open(look: Look): Promise<Page>;
}

export function describeInChromium(title: string, tests: (on: InChromium) => void): void {
  const reason = chromiumPath === undefined ? ' (skipped: no Chromium here)' : '';
  describe.skipIf(chromiumPath === undefined)(`${title} in Chromium${reason}`, () => {
    let plane: TestPlane;
    let browser: Browser;
    const contexts: BrowserContext[] = [];
    beforeAll(async () => {
      plane = await openConsolePlane();
      browser = await openChromium();
    });
    afterAll(async () => {
      await browser?.close();
      await plane?.close();
    });
    afterEach(async () => {
      for (const context of contexts.splice(0)) await context.close();
    });
    tests({
      get plane() {
        return plane;
      },
      get browser() {
        return browser;
      },
      async open(look) {
        const context = await openContext(browser, look);
        contexts.push(context);
        return context.newPage();
      },
    });
  });
}
