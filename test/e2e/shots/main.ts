// npm run shots [-- --out DIR] [--url URL --name NAME] [--only TEXT]: a picture of every page, light and dark, wide and narrow.
// Without an address it shows a machine with an incident and, where it can have an engine, what runs on it; with one, a running Odyssey,
// whose password is read from ODYSSEY_PASSWORD.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { password as testPassword } from '../../web/server/plane.ts';
import { type Look, listenForComplaints, openChromium, openContext, signIn } from '../chromium.ts';
import { listPagePaths, openConsolePlane } from '../console-plane.ts';
import { instance, isHostile, makeScene } from '../world-scene.ts';
import { setStage } from './stage.ts';

const { values: given } = parseArgs({
  options: { out: { type: 'string' }, url: { type: 'string' }, name: { type: 'string' }, only: { type: 'string' } },
});
const folder = resolve(process.env['INIT_CWD'] ?? '.', given.out ?? join(tmpdir(), 'odyssey-shots'));
const looks: Look[] = (['light', 'dark'] as const).flatMap((theme) => [
  { theme, width: 1440, height: 900 },
  { theme, width: 390, height: 844 },
]);
/** Pages with more than one face that an address leads to. */
const more = [
  ...['charts', 'tables', 'logs', 'forms', 'live'].map((tab) => `/gallery?tab=${tab}`),
  ...['tokens', 'people', 'environments', 'policy', 'registries', 'retention'].map((tab) => `/settings?tab=${tab}`),
  ...['found', 'notifications', 'second-factor', 'done'].map((step) => `/welcome?step=${step}`),
  ...['/deploy?from=compose', '/processes?tab=processes', '/audit?action=session:open'],
];
const labels = JSON.stringify({ instance, name: 'shop-api', metric: 'memory' });
const { url, password, live, close } = await open();
const paths = [
  ...listPagePaths().filter((path) => path !== '/anomalies/series'),
  ...[...more, '/no-such-page'],
  ...live,
].filter((path) => given.only === undefined || path.includes(given.only));
const name = given.name ?? 'root-admin';
const browser = await openChromium();
mkdirSync(folder, { recursive: true });
let complaintsTotal = 0;
for (const look of looks) {
  const context = await openContext(browser, look);
  complaintsTotal += await shoot(context, look);
  await context.close();
}
await browser.close();
await close();
say(`${paths.length + 1} pages in ${looks.length} looks are in ${folder}.`);
process.exitCode = complaintsTotal === 0 ? 0 : 1;

/** One for each address: what is too long for a name is cut in its middle. */
function nameOf(path: string): string {
  const name = path.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'overview';
  return name.length <= 60 ? name : `${name.slice(0, 38)}--${name.slice(-20)}`;
}

interface Shown {
  url: string;
  password: string;
  /** Addresses of what runs there. */
  live: string[];
  close(): Promise<void>;
}

async function open(): Promise<Shown> {
  if (given.url !== undefined)
    return { url: given.url, password: process.env['ODYSSEY_PASSWORD'] ?? '', live: [], close: async () => {} };
  const set = await setStage(say);
  if (set.kind === 'stage') {
    const { console, paths: live } = set.stage;
    return { url: console.it.url, password: testPassword, live, close: console.close };
  }
  say(`Without what runs on an engine: ${set.reason}`);
  const plane = await openConsolePlane();
  const scene = makeScene(Date.now() / 1000);
  const containers = scene.containers.filter((one) => !isHostile(one));
  plane.world.play({ ...scene, containers, troubles: false });
  const series = `/anomalies/series?detector=container&labels=${encodeURIComponent(labels)}`;
  return { url: plane.url, password: testPassword, live: [series], close: plane.close };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Every page in one look; how many complaints the browser had. */
async function shoot(context: BrowserContext, { theme, width }: Look): Promise<number> {
  const page = await context.newPage();
  const complaints = listenForComplaints(page);
  let count = 0;
  const save = (path: string) => page.screenshot({ path: join(folder, `${nameOf(path)}-${width}-${theme}.png`) });
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
      say(`${path} ${width} ${theme}: ${complaint}`);
      count += 1;
    }
  }
  return count;
}
