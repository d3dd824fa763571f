// The log of a deployment as a person reads it: chosen replicas and no others, back beyond the newest lines, at the line of a link, and JSON.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { type LogEngine, logEngine } from '../../fakes/log-engine.ts';
import type { TestPlane } from '../../web/server/plane.ts';
import { listTooWide, listViolations, settle } from '../axe.ts';
import { openConsolePlane } from '../console-plane.ts';
import { walkPage } from './keyboard.ts';
import { visit } from './visit.ts';

export interface LogsPlane {
  plane: TestPlane;
  engine: LogEngine;
  /** The time of a line as the engine writes it. */
  timeOf(line: number): string;
  write(task: string, text: string): void;
}

const lines = 3_000;

/** A deployment of two replicas that have written a line a second, turn by turn. */
export async function openLogsPlane(): Promise<LogsPlane> {
  const engine = logEngine('shop');
  const plane = await openConsolePlane({ engine: engine.port });
  const limits = { memoryMegabytes: 64, cpus: 0.2 };
  const at = `/environments/${plane.defaultEnvironment}/deployments`;
  equal((await plane.admin.call('POST', at, { name: 'shop', image: 'shop:1', limits })).status, 202);
  engine.place(plane.defaultEnvironment);
  engine.run('task-one', 1);
  engine.run('task-two', 2);
  const start = Math.floor(Date.now() / 1000) * 1000 - lines * 1000;
  const textOf = (line: number) =>
    line % 10 === 7
      ? JSON.stringify({ level: 'warn', msg: `slow order ${line}`, status: 503, order: { id: line } })
      : `line ${line}`;
  for (let line = 0; line < lines; line++)
    engine.log.print(start + line * 1000, textOf(line), { task: line % 2 === 0 ? 'task-one' : 'task-two' });
  return {
    ...{ plane, engine },
    timeOf: (line) => `${new Date(start + line * 1000).toISOString().slice(0, -1)}000001Z`,
    write: (task, text) => engine.log.print(Date.now(), text, { task }),
  };
}

export async function chooseReplicas(browser: Browser, { plane, engine, write }: LogsPlane): Promise<void> {
  await visit(browser, plane.url, 'root-admin', async (page) => {
    await page.goto(`${plane.url}/logs?deployments=shop`);
    const log = page.getByRole('log');
    await log.getByText('line 2999').waitFor();
    deepEqual(await replicasIn(log), ['shop-r1.1', 'shop-r1.2']);
    const marks = await log
      .locator('.replica i')
      .evaluateAll((all) => [...new Set(all.map(({ className }) => className))]);
    equal(marks.length, 2, 'the marks of two replicas are not two');
    await page.getByRole('checkbox', { name: /r1\.2/ }).check();
    await page.waitForURL(/replicas=shop-r1\.2$/);
    await log.getByText('line 2999').waitFor();
    deepEqual(await replicasIn(log), ['shop-r1.2']);
    await page.reload();
    ok(await page.getByRole('checkbox', { name: /r1\.2/ }).isChecked());
    await log.getByText('line 2999').waitFor();
    write('task-one', 'of the one that is not chosen');
    engine.run('task-next', 2);
    write('task-next', 'of the next task in the chosen slot');
    await log.getByText('of the next task in the chosen slot').waitFor();
    equal(await log.getByText('not chosen').count(), 0);
    await settle(page);
    deepEqual(
      [...(await listViolations(page, 'chosen replicas')), ...(await listTooWide(page, 'chosen replicas'))],
      [],
    );
    await page.goto(`${plane.url}/deployments/shop?tab=log`);
    await page.getByRole('checkbox', { name: /r1\.1/ }).check();
    await page.waitForURL(/replicas=shop-r1\.1$/);
    await log.getByText('of the one that is not chosen').waitFor();
    deepEqual(await replicasIn(log), ['shop-r1.1']);
  });
}

export async function readThePast(browser: Browser, { plane, timeOf }: LogsPlane): Promise<void> {
  await visit(browser, plane.url, 'root-admin', async (page) => {
    const log = page.getByRole('log');
    await olderLines(page, plane.url, log);
    await foldedJson(log);
    await page.goto(`${plane.url}/logs?deployments=shop&line=${timeOf(40)}`);
    const linked = log.locator('.row.linked');
    await linked.getByText('line 40').waitFor();
    ok(await linkedInSight(page), 'the linked line is not in sight');
    await page.getByText('of the past').waitFor();
    deepEqual(await listViolations(page, 'the past'), []);
    await page.getByRole('button', { name: 'Newer lines' }).click();
    await page.getByText(/^\s*79\d lines/).waitFor();
    ok(await linkedInSight(page), 'the linked line moved away when newer lines came');
    await page.getByRole('button', { name: 'Follow' }).click();
    await log.getByText('line 2999').waitFor();
    ok(!page.url().includes('line='), 'to follow is not to look at that line');
    await page.goto(`${plane.url}/deployments/shop?tab=log&line=2020-01-01T00:00:00.000000001Z`);
    await page.getByText('The engine no longer has this line').waitFor();
    await page.getByLabel('Go to (UTC)').fill(timeOf(1_200).slice(0, 19));
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await log.locator('.row.chosen').getByText('line 1200').waitFor();
    match(page.url(), /at=/);
  });
}

/** What is looked at stays where it is; the engine's first line is told to be that. */
async function olderLines(page: Page, url: string, log: Locator): Promise<void> {
  await page.goto(`${url}/logs?deployments=shop`);
  await log.getByText('line 2999').waitFor();
  await log.press('Home');
  const first = log.locator('.row').filter({ hasText: 'line 2510' });
  await first.waitFor();
  const before = (await first.boundingBox())?.y;
  await page.getByRole('button', { name: 'Older lines' }).click();
  await page.getByText(/^\s*1,000 lines/).waitFor();
  await first.waitFor();
  await page.waitForTimeout(200);
  equal((await first.boundingBox())?.y, before);
  for (let pages = 0; pages < 5; pages++) {
    const count = await page.getByRole('button', { name: 'Older lines' }).count();
    if (count === 0) break;
    await page.getByRole('button', { name: 'Older lines' }).click();
    await page.waitForTimeout(300);
  }
  await page.getByText('The log begins here').waitFor();
  await log.press('Home');
  await log.getByText('line 0', { exact: true }).waitFor();
}

async function foldedJson(log: Locator): Promise<void> {
  const row = log.locator('.row.warn').first();
  await row.getByText(/^slow order \d+$/).waitFor();
  match((await row.locator('.fields').textContent()) ?? '', /^status=503 order=\{"id":\d+\}$/);
  await row.getByRole('button', { name: 'The whole JSON' }).click();
  await log.getByText('"status": 503,').waitFor();
}

/** By keyboard alone, with replicas to choose and lines to go back to. */
export async function walkLogs(browser: Browser, { plane }: LogsPlane): Promise<void> {
  await visit(browser, plane.url, 'root-admin', async (page) => {
    const { faults, stops } = await walkPage(page, plane.url, '/logs?deployments=shop');
    deepEqual(faults, []);
    ok(stops > 12, `only ${stops} stops`);
  });
}

async function replicasIn(log: Locator): Promise<string[]> {
  const names = await log.locator('.replica .name').allTextContents();
  return [...new Set(names)].sort();
}

/** Whether the line that the link leads to is wholly in sight. */
function linkedInSight(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const row = document.querySelector('[role="log"] .row.linked');
    const [box, frame] = [row?.getBoundingClientRect(), row?.closest('[role="log"]').getBoundingClientRect()];
    return box !== undefined && box.top >= frame.top && box.bottom <= frame.bottom;
  })()`);
}
