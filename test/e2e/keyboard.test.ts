// Every page by keyboard alone, in a real browser beside a machine with an incident.
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { password } from '../web/server/plane.ts';
import { openContext, signIn } from './chromium.ts';
import { listPagePaths } from './console-plane.ts';
import { describeInChromium } from './in-chromium.ts';
import { walkFrame, walkPage } from './journeys/keyboard.ts';

const labels = JSON.stringify({ instance: 'orion', name: 'shop-api', metric: 'memory' });
/** Pages with more than one face that an address leads to. */
const more = [
  ...['access', 'tokens', 'people', 'policy', 'environments', 'registries'].map((tab) => `/settings?tab=${tab}`),
  ...['charts', 'tables', 'logs', 'forms'].map((tab) => `/gallery?tab=${tab}`),
  `/anomalies/series?detector=container&labels=${encodeURIComponent(labels)}`,
  ...['/deployments/shop', '/deployments/shop/update', `/containers/${'0'.repeat(64)}`], // as they are while no engine answers
];

describeInChromium('by keyboard alone', (on) => {
  let page: Page;

  beforeAll(async () => {
    const context = await openContext(on.browser, { width: 1440, height: 900, theme: 'light' });
    page = await context.newPage();
    await signIn(page, on.plane.url, 'root-admin', password);
  });

  test.each([...listPagePaths(), ...more])(
    '%s',
    async (path) => {
      const { faults, stops } = await walkPage(page, on.plane.url, path);
      expect(faults).toEqual([]);
      expect(stops).toBeGreaterThan(0);
    },
    60_000,
  );

  test('a page whose values come late is walked with them', async () => {
    await page.route('**/api/v1/threats', async (route) => {
      await setTimeout(1_500);
      await route.continue();
    });
    const { faults, stops, opened } = await walkPage(page, on.plane.url, '/processes');
    await page.unroute('**/api/v1/threats');
    expect(faults).toEqual([]);
    expect(stops).toBeGreaterThan(8); // the tab, the search, the headings, the row
    expect(opened).toBe(2);
  }, 60_000);

  test('the rail and the bar', async () => {
    const { faults, stops, opened } = await walkFrame(page, on.plane.url);
    expect(faults).toEqual([]);
    expect(stops).toBeGreaterThan(15);
    expect(opened).toBeGreaterThanOrEqual(4);
  }, 60_000);

  test('a chart is read point by point, looked at closer, and left again', async () => {
    await page.goto(`${on.plane.url}/gallery?tab=charts`);
    const chart = page.getByRole('slider', { name: 'CPU, three series, point by point' });
    await chart.locator('canvas').waitFor();
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(() => chart.getAttribute('aria-valuetext'))
      .toMatch(/^\d{4}-\d\d-\d\d [\d:]+, worker-1 [\d.]+ cores/);
    const newest = Number(await chart.getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => Number(await chart.getAttribute('aria-valuenow'))).toBe(newest - 1);
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=\d+&to=\d+/);
    await page.keyboard.press('Backspace');
    await page.waitForURL((address) => !address.searchParams.has('from'));
  });

  test('a line of a log is chosen by the arrow keys, opened by Enter, and its link is the next stop', async () => {
    await page.goto(`${on.plane.url}/gallery?tab=logs`);
    const log = page.getByRole('log');
    await log.getByText('info').first().waitFor();
    await log.focus();
    const chosen = log.locator('[aria-current="true"]');
    for (let step = 0; step < 8 && (await chosen.locator('[aria-expanded]').count()) === 0; step++)
      await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await chosen.locator('[aria-expanded="true"]').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.ariaLabel')).toBe('Copy a link to this line');
    await page.keyboard.press('Enter');
    await page.waitForURL(/line=/);
  });

  test('what the walk is for is found: a control without an outline, one for the mouse, one that Tab passes over, a dialog that stays', async () => {
    await page.route('**/faulty', (route) => route.fulfill({ contentType: 'text/html', body: faulty }));
    const { faults } = await walkPage(page, on.plane.url, '/faulty');
    expect(faults).toEqual([
      'nobody sees that the keyboard is on “Bare”',
      '“Early” comes out of order',
      'Tab does not reach “Passed over”',
      'only a mouse can press “Mouse”',
      '“Stays” opens a dialog that Escape does not close',
      '“Forgets” opens a dialog that does not give the keyboard back',
    ]);
  }, 60_000);
});

const faulty = `<!doctype html><title>Faulty</title>
<style>main, .bare:focus { outline: none }</style>
<a class="skip" href="#page" onclick="event.preventDefault(); document.querySelector('main').focus()">To the page</a>
<main id="page" tabindex="-1"><h1>Faulty</h1>
  <button>Good</button><button class="bare">Bare</button><span style="cursor: pointer">Mouse</span>
  <button onkeydown="if (event.key === 'Tab') { event.preventDefault(); document.querySelector('#late').focus() }">Jumps</button>
  <button id="early" onkeydown="if (event.key === 'Tab') { event.preventDefault(); document.querySelector('#next').focus() }">Early</button><button>Passed over</button>
  <button id="late" onkeydown="if (event.key === 'Tab') { event.preventDefault(); document.querySelector('#early').focus() }">Late</button>
  <button id="next" onclick="document.querySelector('#stays').showModal()">Stays</button>
  <button onclick="document.querySelector('#forgets').showModal()">Forgets</button>
  <dialog id="stays" oncancel="event.preventDefault()"><button>Inside</button></dialog>
  <dialog id="forgets" onclose="document.activeElement.blur()"><button>Inside</button></dialog>
</main>`;
