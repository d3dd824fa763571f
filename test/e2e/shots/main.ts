// npm run shots [-- --out DIR] [--url URL --name NAME] [--only TEXT]: a picture of every page, light and dark, wide and narrow.
// Without an address it shows a machine with an incident; with one, a running Odyssey, whose password is read from ODYSSEY_PASSWORD.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { password as testPassword } from '../../web/server/plane.ts';
import { type Look, listenForComplaints, openChromium, openContext, signIn } from '../chromium.ts';
import { listPagePaths, openConsolePlane } from '../console-plane.ts';

const { values: given } = parseArgs({
  options: { out: { type: 'string' }, url: { type: 'string' }, name: { type: 'string' }, only: { type: 'string' } },
});
const folder = resolve(process.env['INIT_CWD'] ?? '.', given.out ?? join(tmpdir(), 'odyssey-shots'));
const looks: Look[] = (['light', 'dark'] as const).flatMap((theme) => [
  { theme, width: 1440, height: 900 },
  { theme, width: 390, height: 844 },
]);
/** Pages with more than one face that an address leads to. */
const more = ['charts', 'tables', 'logs', 'forms'].map((tab) => `/gallery?tab=${tab}`);
const labels = JSON.stringify({ instance: 'orion', name: 'shop-api', metric: 'memory' });
const paths = [
  ...listPagePaths(),
  ...[...more, `/anomalies/series?detector=container&labels=${encodeURIComponent(labels)}`, '/no-such-page'],
].filter((path) => given.only === undefined || path.includes(given.only));

const plane = given.url === undefined ? await openConsolePlane() : undefined;
const url = given.url ?? plane!.url;
const name = given.name ?? 'root-admin';
const password = plane === undefined ? (process.env['ODYSSEY_PASSWORD'] ?? '') : testPassword;
const browser = await openChromium();
mkdirSync(folder, { recursive: true });
let complaintsTotal = 0;
for (const look of looks) {
  const context = await openContext(browser, look);
  complaintsTotal += await shoot(context, look);
  await context.close();
}
await browser.close();
await plane?.close();
process.stdout.write(`${paths.length + 1} pages in ${looks.length} looks are in ${folder}.\n`);
process.exitCode = complaintsTotal === 0 ? 0 : 1;

/** Every page in one look; how many complaints the browser had. */
async function shoot(context: BrowserContext, { theme, width }: Look): Promise<number> {
  const page = await context.newPage();
  const complaints = listenForComplaints(page);
  let count = 0;
  const save = (path: string) =>
    page.screenshot({
      path: join(
        folder,
        `${path.replace(/\W+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'overview'}-${width}-${theme}.png`,
      ),
    });
  await page.goto(url);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await save('sign-in');
  await signIn(page, url, name, password);
  for (const path of paths) {
    await page.goto(url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(1_200);
    await save(path);
    for (const complaint of complaints.splice(0)) {
      process.stdout.write(`${path} ${width} ${theme}: ${complaint}\n`);
      count += 1;
    }
  }
  return count;
}
