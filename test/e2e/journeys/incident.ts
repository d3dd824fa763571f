// An incident as it is in life: a new revision takes ten times its memory; from the overview to why, and to the way back, in three clicks.
import { equal } from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Operation } from '../../../core/contracts/deployments.ts';
import type { EngineConsole } from '../engine-console.ts';
import { ended } from './deploy.ts';
import { heading, visit } from './visit.ts';

const runs = `setInterval(() => {}, 1000); process.once('SIGTERM', () => process.exit(0))`;
/** Ordinary for as long as the detector needs to know what that is: some twenty rows of a second each here. */
const ordinarySeconds = 45;
const leaks = `${runs}; const kept = []; setTimeout(() => setInterval(() => kept.length < 50 && kept.push(Buffer.alloc(2 << 20, 1)), 100), ${ordinarySeconds * 1_000})`;
const unusualMilliseconds = 2 * ordinarySeconds * 1_000;
const operationMilliseconds = 120_000;

export async function incident(browser: Browser, { it }: EngineConsole): Promise<void> {
  const below = `/environments/${it.defaultEnvironment}`;
  const call = (method: string, path: string, body?: unknown) => it.admin.call(method, `${below}${path}`, body);
  const operate = async (method: string, path: string, body?: object): Promise<void> => {
    const begun = await call(method, path, body);
    equal(begun.status, 202, begun.text);
    equal(await endOf(async () => (await call('GET', `/operations/${begun.body.operation}`)).body), 'done');
  };
  const limits = { memoryMegabytes: 256, cpus: 0.5 };
  await operate('POST', '/deployments', { name: 'till', image: 'app:1', args: ['-e', runs], limits });
  await operate('POST', '/deployments/till/revisions', { args: ['-e', leaks] });
  await visit(browser, it.url, 'root-admin', async (page) => {
    const unusual = page.getByRole('region', { name: 'Unusual now' });
    const found = unusual
      .getByRole('listitem')
      .filter({ hasText: 'till-r2.1' })
      .filter({ hasText: /Memory \d/ });
    await found.waitFor({ timeout: unusualMilliseconds });
    await found.getByRole('link', { name: 'till-r2.1' }).click(); // one
    await heading(page, 'till-r2.1: Memory');
    await page
      .getByText(/Memory \d+(\.\d+)? MiB, usually \d/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Deployment till' }).click(); // two
    await heading(page, 'till');
    await page.getByRole('button', { name: 'Roll back to r1' }).first().click(); // three
    await ended(page, /till to r1/);
    await page.getByText(/1 of 1 replicas run, r1 serves/).waitFor();
  });
  equal((await call('GET', '/deployments/till')).body.stable, 'r1');
  await operate('DELETE', '/deployments/till');
}

async function endOf(read: () => Promise<Operation>): Promise<Operation['state']> {
  for (let tries = 0; tries < operationMilliseconds / 500; tries++) {
    const { state } = await read();
    if (state !== 'running') return state;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return 'running';
}
