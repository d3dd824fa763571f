// Quiet hours as a person sets them: refused while they make no sense, saved when they do, and read back from the server.
import { deepEqual, equal } from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { TestPlane } from '../../web/server/plane.ts';
import { heading, visit } from './visit.ts';

export async function quietHours(browser: Browser, { url, admin }: TestPlane): Promise<void> {
  const held = async () => (await admin.call('GET', '/notifications/settings')).body.quietHours;
  await visit(browser, `${url}/notifications`, 'root-admin', async (page) => {
    await page.goto(`${url}/notifications`);
    await heading(page, 'Notifications');
    const part = page.getByRole('region', { name: 'Quiet hours' });
    await part.getByRole('button', { name: 'Add quiet hours' }).click();
    await part.getByText('22:00–07:00 the day after, every day').waitFor();
    await part.getByLabel('Time zone').fill('Europe/Berlin');
    for (const day of ['Sat', 'Sun']) await part.getByLabel(day).uncheck();
    await part.getByLabel('To').fill('22:00');
    await part.getByText('The end has to differ').waitFor();
    await page.getByRole('button', { name: 'Save and put into force' }).click();
    await page.getByRole('alert').first().waitFor();
    deepEqual((await held()).spans, []);
    await part.getByLabel('To').fill('06:30');
    await page.getByRole('button', { name: 'Save and put into force' }).click();
    await page.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' });
    await page.reload();
    await part.getByText('22:00–06:30 the day after, on Mon, Tue, Wed, Thu, Fri').waitFor();
  });
  const { timeZone, spans } = await held();
  equal(timeZone, 'Europe/Berlin');
  deepEqual(spans, [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '22:00', to: '06:30' }]);
}
