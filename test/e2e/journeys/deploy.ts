// A deployment through the pages alone, on a real engine: swarm, deploy, log, scale, new revision, compare, back; each claim is read back past the page.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { allEnvironments, type Role } from '../../../core/contracts/access.ts';
import type { EngineConsole } from '../engine-console.ts';
import { listActs } from './acts.ts';
import { heading, visit } from './visit.ts';

/** An operation on a real engine beside everything else that this machine does. */
const operationMilliseconds = 120_000;
const said = 'the shop is open';
/** Runs, and ends when it is told to. */
const staying = `-e "setInterval(() => {}, 1000); process.once('SIGTERM', () => process.exit(0))"`;

export async function deploy(browser: Browser, { it, images }: EngineConsole): Promise<void> {
  const read = async () => (await it.admin.call('GET', `/environments/${it.defaultEnvironment}/deployments/shop`)).body;
  await visit(browser, it.url, 'root-admin', async (page) => {
    await startSwarm(page);
    await fillForm(page, {
      name: 'shop',
      hosts: 'shop.test',
      args: `-e "console.log('${said}'); import('/app/server.mjs')"`,
    });
    await ended(page, /shop as r1/);
    deepEqual((await read()).runningImages, [images['1']]);
    await page.getByRole('link', { name: 'Open shop' }).click();
    await heading(page, 'shop');
    await page.getByRole('tab', { name: 'Log', exact: true }).click();
    await page.getByRole('log', { name: 'Log of shop' }).getByText(said).waitFor();
    await scale(page, 3);
    deepEqual((await read()).replicas, { wanted: 3, running: 3 });
    await update(page, 'shop');
    deepEqual([(await read()).stable, (await read()).runningImages], ['r2', [images['2']]]);
    await compare(page);
    await page.getByRole('button', { name: 'Roll back to r1' }).first().click();
    await ended(page, /shop to r1/);
    const { stable, runningImages, routing } = await read();
    deepEqual([stable, runningImages, routing.stable], ['r1', [images['1']], 'r1']);
    await page.getByText(/3 of 3 replicas run, r1 serves/).waitFor();
    await readInAudit(page);
  });
}

/** The shorter way, by somebody with that role in all environments: deploy, scale, update, roll back, each of them theirs in the audit log. */
export async function deployAs(browser: Browser, { it, images }: EngineConsole, role: Role): Promise<void> {
  const [person, name] = [`${role}-deploys`, `of-${role}`];
  await it.person(person, [{ environment: allEnvironments, role }]);
  const read = async () =>
    (await it.admin.call('GET', `/environments/${it.defaultEnvironment}/deployments/${name}`)).body;
  await visit(browser, it.url, person, async (page) => {
    await fillForm(page, { name, args: staying });
    await ended(page, new RegExp(`${name} as r1`));
    deepEqual((await read()).runningImages, [images['1']]);
    await page.getByRole('link', { name: `Open ${name}` }).click();
    await heading(page, name);
    await scale(page, 2);
    deepEqual((await read()).replicas, { wanted: 2, running: 2 });
    await update(page, name);
    deepEqual([(await read()).stable, (await read()).runningImages], ['r2', [images['2']]]);
    await compare(page);
    await page.getByRole('button', { name: 'Roll back to r1' }).first().click();
    await ended(page, new RegExp(`${name} to r1`));
    deepEqual([(await read()).stable, (await read()).runningImages], ['r1', [images['1']]]);
  });
  const acts = await listActs(it, person);
  for (const act of ['deploy', 'scale', 'update', 'rollback']) ok(acts.includes(`deployment:${act}`), acts.join(' '));
}

async function startSwarm(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Deployments' }).first().click();
  await heading(page, 'Deployments');
  await page.getByText('The engine has no swarm yet').waitFor();
  await page.getByLabel('Address').fill('127.0.0.1');
  await page.getByRole('button', { name: 'Start the swarm' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start the swarm' }).click();
  await page.getByText('The engine has no swarm yet').waitFor({ state: 'detached' });
}

/** The form of something new, filled and sent. Without hosts it listens on no port. */
export async function fillForm(
  page: Page,
  { name, hosts, args }: { name: string; hosts?: string; args: string },
): Promise<void> {
  await page.getByRole('link', { name: 'Deployments' }).first().click();
  await page.getByRole('link', { name: 'Deploy something' }).first().click();
  await heading(page, 'Deploy something');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Image', { exact: true }).fill('app:1');
  await page.getByLabel('Memory', { exact: true }).fill('128');
  if (hosts !== undefined) {
    await page.getByLabel('Port', { exact: true }).fill('8080');
    await page.getByLabel('Host names').fill(hosts);
    await page.getByLabel('Health path').fill('/healthz');
    await page.getByLabel('Health check').fill('/node /app/healthy.mjs');
  }
  await page.getByText('Secrets, volumes, command, deadline').click();
  await page.getByLabel('Arguments').fill(args);
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
}

/** The operation under way comes to its good end, in these words. */
export async function ended(page: Page, words: RegExp): Promise<void> {
  const region = page.getByRole('region', { name: 'Operation' });
  await region.getByRole('heading', { name: words }).waitFor();
  const state = region.getByRole('heading', { name: /^\W*(done|failed|rolled back)/ });
  await state.waitFor({ timeout: operationMilliseconds });
  match((await state.textContent()) ?? '', /done/, (await region.textContent()) ?? '');
}

async function scale(page: Page, replicas: number): Promise<void> {
  await page.getByRole('button', { name: 'Scale', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Replicas').fill(String(replicas));
  await page.getByRole('button', { name: `Scale to ${replicas}` }).click();
  await ended(page, /[Ss]cal/);
  await page.getByText(`${replicas} of ${replicas} replicas run, r1 serves`).waitFor();
}

async function update(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await heading(page, `Update ${name}`);
  const image = page.getByLabel('Image', { exact: true });
  for (let tries = 0; (await image.inputValue()) === '' && tries < 100; tries++) await page.waitForTimeout(100);
  equal(await image.inputValue(), 'app:1');
  equal(await page.getByRole('button', { name: 'Deploy the new revision' }).isDisabled(), true);
  await image.fill('app:2');
  await page.getByLabel('Environment', { exact: true }).last().fill('COLOUR=blue');
  await page.getByRole('region', { name: 'What will change' }).getByText('app:2').first().waitFor();
  await page.getByRole('button', { name: 'Deploy the new revision' }).click();
  await ended(page, new RegExp(`${name} to r2`));
}

async function compare(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Compare' }).click();
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await comparison.getByText('COLOUR').first().waitFor();
  equal((await comparison.textContent())?.includes('blue'), false);
}

async function readInAudit(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Audit' }).first().click();
  await heading(page, 'Audit');
  const rows = page.getByRole('row').filter({ hasText: 'shop' }).filter({ hasText: 'deployment:' });
  await rows.first().waitFor();
  const acts = (await rows.allTextContents()).flatMap((text) => /deployment:[a-z-]+/.exec(text) ?? []);
  for (const act of ['scale', 'update', 'rollback']) match(acts.join(' '), new RegExp(`deployment:${act}`));
}
