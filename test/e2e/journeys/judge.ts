// From an anomaly to why, to what a person says about it, to the detectors that learn from it, to the audit log that is signed and verified offline.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { allEnvironments, type Role } from '../../../core/contracts/access.ts';
import { root } from '../../tidy/tree.ts';
import type { TestPlane } from '../../web/server/plane.ts';
import { processToken } from '../console-plane.ts';
import { listActs } from './acts.ts';
import { heading, visit } from './visit.ts';

export async function judge(browser: Browser, it: TestPlane): Promise<void> {
  await visit(browser, it.url, 'root-admin', async (page) => {
    await say(page, 'expected');
    await readByDetectors(it, true);
    await it.plane.anchor();
    await readInAudit(page, it);
  });
}

/** Somebody with that role says the contrary, and the record bears their name. */
export async function judgeAs(browser: Browser, it: TestPlane, role: Role): Promise<void> {
  const person = `${role}-judges`;
  await it.person(person, [{ environment: allEnvironments, role }]);
  await visit(browser, it.url, person, (page) => say(page, 'not expected'));
  await readByDetectors(it, false);
  ok((await listActs(it, person)).includes('anomaly:judge'), `the audit log does not say that ${person} judged`);
}

/** From the overview to the anomaly, why it is one, and the verdict. */
async function say(page: Page, verdict: 'expected' | 'not expected'): Promise<void> {
  await page.getByRole('link', { name: 'Anomalies' }).first().click();
  await heading(page, 'Anomalies');
  await page
    .getByRole('row', { name: /Memory growth: 71 % of the score/ })
    .getByRole('link', { name: 'shop-api' })
    .click();
  await heading(page, 'shop-api: Memory');
  await page.getByText('usually 1.1–1.3 GiB. Memory growth: 71 % of the score').first().waitFor();
  await page.getByRole('button', { name: verdict === 'expected' ? 'This was expected' : 'This was a fault' }).click();
  await page.getByText(`You said that this was ${verdict}.`).waitFor();
}

/** What retraining reads, with the detectors' own token. */
async function readByDetectors({ url }: TestPlane, expected: boolean): Promise<void> {
  const response = await fetch(`${url}/api/v1/anomalies/feedback`, {
    headers: { authorization: `Bearer ${processToken}` },
  });
  const { items } = (await response.json()) as { items: { labels: Record<string, string>; expected: boolean }[] };
  const said = items.at(-1);
  deepEqual([said?.labels['name'], said?.labels['metric'], said?.expected], ['shop-api', 'memory', expected]);
}

async function readInAudit(page: Page, it: TestPlane): Promise<void> {
  await page.getByRole('link', { name: 'Audit' }).first().click();
  await heading(page, 'Audit');
  const sentence = await page.getByText(/signed to #\d+/).textContent();
  const signed = Number(/signed to #(\d+)/.exec(sentence ?? '')?.[1]);
  const row = page.getByRole('row', { name: /anomaly:judge/ }).first();
  match((await row.textContent()) ?? '', /root-admin.*done/s);
  await row.click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText('"expected": true').waitFor();
  const title = (await sheet.getByRole('heading', { level: 2 }).textContent()) ?? '';
  ok(signed > Number(/#(\d+)/.exec(title)?.[1]), `signed to #${signed}, the act is ${title}`);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export all' }).click(),
  ]);
  await verifyOffline(it, await download.path());
}

/** The verifier as an auditor starts it: a process of its own with two files. */
async function verifyOffline({ admin }: TestPlane, exported: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-verify-'));
  try {
    const { body } = await admin.call('GET', '/audit/state');
    const checkpoints = join(folder, 'checkpoints');
    writeFileSync(checkpoints, `${body.verifierKey}\n${body.checkpoint}`);
    const main = join(root, 'web/server/audit/main.ts');
    const { status, stdout } = spawnSync(process.execPath, [main, 'verify', exported, checkpoints], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    equal(status, 0, stdout);
    equal(JSON.parse(stdout).kind, 'intact');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
