// An alert from the rule to the person: it fires, is explained, silenced with a reason, is unknown while Alertmanager is down, fires again, and is told once.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { allEnvironments } from '../../../core/contracts/access.ts';
import { sayClock } from '../../../web/console/values/times.ts';
import { until } from '../../detectors/on-history/stack.ts';
import { listViolations } from '../axe.ts';
import type { RealAlerts } from '../real-alerts.ts';
import { heading, visit } from './visit.ts';

const operator = 'night-watch';
const reason = 'The shop moves to another machine';
const minutes = 30;
const refused = [403, 403];
/** Alertmanager tells of an end with the next turn of its group, which is at least a minute long. */
const resolvedSeconds = 100;

/** `whole` waits for what a page notices by itself, and for the end of the alert, which takes minutes. */
export async function silence(browser: Browser, real: RealAlerts, pace: 'whole' | 'short'): Promise<void> {
  const { it } = real;
  await it.person(operator, [{ environment: allEnvironments, role: 'operator' }]);
  await it.person('viewer', [{ environment: allEnvironments, role: 'read-only' }]);
  await visit(browser, it.url, operator, async (page) => {
    await understand(page, it.url);
    const matchers = await silenceIt(page);
    const id = await readBack(page, real, matchers);
    await seeOnOverview(page, it.url, 'silenced');
    await visit(browser, it.url, 'viewer', (other) => onlyLook(other, it.url, id));
    await outlive(page, real, pace);
    await endIt(page, real, id);
    await seeOnOverview(page, it.url, 'firing');
    await readRecords(page, real, id);
    if (pace === 'whole') await seeItEnd(page, real);
    await readDeliveries(page, real, pace === 'whole' ? ['firing', 'resolved'] : ['firing']);
  });
}

function rowOf(page: Page): Locator {
  return page.locator('main tbody tr', { hasText: 'TargetDown' });
}

async function openAlerts(page: Page, url: string): Promise<Locator> {
  await page.goto(`${url}/alerts`);
  await heading(page, 'Alerts');
  await rowOf(page).waitFor();
  return rowOf(page);
}

/** Since when, on what, why, and what to do. */
async function understand(page: Page, url: string): Promise<void> {
  const row = await openAlerts(page, url);
  await page.getByText('1 alert fires.', { exact: true }).waitFor();
  match((await row.textContent()) ?? '', /critical.*TargetDown.*(ago|now)/s);
  await row.getByRole('link', { name: 'TargetDown' }).click();
  const sheet = page.getByRole('dialog');
  for (const words of ['shop on here does not answer', 'Prometheus could not scrape it for a minute', 'since'])
    await sheet.getByText(words).first().waitFor();
  await sheet.getByRole('heading', { name: 'What to do' }).waitFor();
  await sheet.getByText('Prometheus got no answer for a minute.').waitFor();
}

/** From the sheet; resolves to the matchers that the page said. */
async function silenceIt(page: Page): Promise<string[]> {
  await page.getByRole('dialog').getByRole('button', { name: 'Silence' }).click();
  const form = page.getByRole('dialog', { name: 'Silence TargetDown' });
  const button = form.getByRole('button', { name: 'Silence it' });
  ok(await button.isDisabled(), 'a silence without a reason can be sent');
  await form.getByLabel('For how long').selectOption({ label: `${minutes} minutes` });
  await form.getByLabel('Why').fill(reason);
  const checked = await form.locator('label.check', { has: page.locator('input:checked') }).allTextContents();
  await button.click();
  await form.waitFor({ state: 'detached' });
  await page.getByText('Nothing fires, 1 alert is silenced.').waitFor();
  return checked.map((words) => words.trim().replace(/\s+/, '=')).sort();
}

interface Kept {
  id: string;
  status: { state: string; silencedBy?: string[] };
  createdBy: string;
  comment: string;
  startsAt: string;
  endsAt: string;
  matchers: { name: string; value: string; isEqual: boolean; isRegex: boolean }[];
}

async function ask(real: RealAlerts, path: string): Promise<Kept[]> {
  return (await (await fetch(`${real.alertmanager.url}/api/v2/${path}`)).json()) as Kept[];
}

/** Alertmanager's own word past the product: what it holds back, for whom, why and how long; the page says the same. */
async function readBack(page: Page, real: RealAlerts, matchers: readonly string[]): Promise<string> {
  const [kept, ...others] = await ask(real, 'silences');
  deepEqual(others, []);
  const { id, status, createdBy, comment, startsAt, endsAt } = kept!;
  deepEqual([status.state, createdBy, comment], ['active', operator, reason]);
  deepEqual(kept!.matchers.map(({ name, value }) => `${name}=${value}`).sort(), matchers);
  deepEqual(matchers, ['alertname=TargetDown', 'instance=here', 'job=shop']);
  ok(kept!.matchers.every(({ isEqual, isRegex }) => isEqual && !isRegex));
  const seconds = (Date.parse(endsAt) - Date.parse(startsAt)) / 1000;
  ok(Math.abs(seconds - 60 * minutes) < 5, `it holds for ${seconds} s`);
  const [alert] = await ask(real, 'alerts');
  deepEqual([alert?.status.state, alert?.status.silencedBy], ['suppressed', [id]]);
  const end = sayClock(Date.parse(endsAt) / 1000);
  await rowOf(page)
    .getByText(`silenced by ${operator} until ${end} (in ${minutes - 1} min)`)
    .waitFor();
  const listed = page.getByRole('list', { name: 'silences' });
  for (const words of [reason, `${operator}, until ${end}`, 'holds back 1 alert'])
    await listed.getByText(words).waitFor();
  deepEqual(await listViolations(page, 'silenced'), []);
  return id;
}

/** Neither firing nor gone while it is silenced. */
async function seeOnOverview(page: Page, url: string, as: 'silenced' | 'firing' | 'unknown'): Promise<void> {
  await page.goto(url);
  await heading(page, 'Overview');
  const sentences = {
    ...{ silenced: 'no alert fires, 1 silenced', firing: '1 alert fires,', unknown: '1 alert fires, silences unknown' },
  };
  await page.getByText(sentences[as]).waitFor();
  const part = page.getByRole('region', { name: 'Alerts firing' });
  await part.getByRole('link', { name: 'TargetDown' }).waitFor();
  const words = {
    silenced: `silenced by ${operator} until`,
    unknown: 'unknown whether it is silenced',
    firing: 'critical',
  };
  await part.getByText(words[as]).waitFor();
  equal(await part.getByText('None but what is silenced').count(), as === 'silenced' ? 1 : 0);
  equal(await page.getByRole('navigation', { name: 'Pages' }).getByText('1 firing').count(), as === 'silenced' ? 0 : 1);
}

/** Sees what is silenced, is offered nothing, and is refused the direct calls. */
async function onlyLook(page: Page, url: string, id: string): Promise<void> {
  const row = await openAlerts(page, url);
  await row.getByText(`silenced by ${operator}`).waitFor();
  equal(await row.getByRole('button').count(), 0);
  equal(await page.getByRole('button', { name: 'End now' }).count(), 0);
  await row.getByRole('link', { name: 'TargetDown' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText(reason).waitFor();
  equal(await sheet.getByRole('button', { name: /silence/i }).count(), 0);
  const statuses = await page.evaluate<number[], string>(async (silence) => {
    const { csrf } = (await (await fetch('/api/v1/session')).json()) as { csrf: string };
    const headers = { 'x-csrf-token': csrf, 'content-type': 'application/json' };
    const matchers = [{ name: 'alertname', value: 'TargetDown' }];
    const body = JSON.stringify({ matchers, reason: 'because', minutes: 30 });
    const made = await fetch('/api/v1/silences', { method: 'POST', headers, body });
    const ended = await fetch(`/api/v1/silences/${silence}`, { method: 'DELETE', headers });
    return [made.status, ended.status];
  }, id);
  deepEqual(statuses, refused);
}

/** Without Alertmanager nobody knows whether anything is silenced; the page says so, and takes up again by itself. */
async function outlive(page: Page, real: RealAlerts, pace: 'whole' | 'short'): Promise<void> {
  const { alertmanager, it } = real;
  const row = await openAlerts(page, it.url);
  await row.getByText(`silenced by ${operator}`).waitFor();
  await alertmanager.kill();
  if (pace === 'whole') await row.getByText('unknown whether it is silenced').waitFor();
  await seeOnOverview(page, it.url, 'unknown');
  await openAlerts(page, it.url);
  await row.getByText('unknown whether it is silenced').waitFor();
  await page.getByText('1 alert fires; what of it is silenced is unknown: Alertmanager does not answer').waitFor();
  equal(await row.getByRole('button', { name: 'Silence' }).count(), 0);
  deepEqual(await listViolations(page, 'unknown whether silenced'), []);
  await alertmanager.start();
  await row.getByText(`silenced by ${operator}`).waitFor();
  await page.getByText('Nothing fires, 1 alert is silenced.').waitFor();
  await page.getByRole('list', { name: 'silences' }).getByText('holds back 1 alert').waitFor();
}

async function endIt(page: Page, real: RealAlerts, id: string): Promise<void> {
  await rowOf(page).getByRole('link', { name: 'TargetDown' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText(reason).waitFor();
  await sheet.getByRole('button', { name: 'End the silence' }).click();
  await page.getByText('The silence has ended.').waitFor();
  await sheet.getByRole('button', { name: 'Silence', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('1 alert fires.', { exact: true }).waitFor();
  const [kept] = await ask(real, 'silences');
  deepEqual([kept?.id, kept?.status.state], [id, 'expired']);
}

/** Both acts bear the operator's name and the reason, in the log and on its page. */
async function readRecords(page: Page, { it }: RealAlerts, id: string): Promise<void> {
  for (const action of ['silence:make', 'silence:end']) {
    const { body } = await it.admin.call('GET', `/audit?action=${action}`);
    const told = JSON.stringify(body.items);
    for (const words of [reason, id, 'TargetDown']) ok(told.includes(words), `${action} does not say ${words}`);
    ok(Object.values(body.items[0].names).includes(operator), `${action} does not say who did it`);
    await page.goto(`${it.url}/audit`);
    await heading(page, 'Audit');
    const row = page.getByRole('row', { name: new RegExp(action) }).first();
    match((await row.textContent()) ?? '', new RegExp(`${operator}.*done`, 's'));
  }
}

async function seeItEnd(page: Page, real: RealAlerts): Promise<void> {
  await page.goto(`${real.it.url}/alerts`);
  await rowOf(page).waitFor();
  await real.heal();
  await page.getByText('Nothing fires.', { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByText('No rule fires.').waitFor();
  await until(resolvedSeconds, 'the pager is told of the end', async () => told(real).includes('resolved'));
}

const told = ({ hook }: RealAlerts) =>
  hook.received.map(({ body }) => JSON.parse(body)).map(({ status }: { status: string }) => status);

/** Each once: a silence that ends and an Alertmanager that comes back wake nobody again. */
async function readDeliveries(page: Page, real: RealAlerts, expected: readonly string[]): Promise<void> {
  deepEqual(told(real), expected);
  await page.goto(`${real.it.url}/notifications`);
  await heading(page, 'Notifications');
  const about = /delivered.*pager.*TargetDown/is;
  const deliveries = page.getByRole('list', { name: 'deliveries' }).getByRole('listitem').filter({ hasText: about });
  await deliveries.nth(expected.length - 1).waitFor();
  equal(await deliveries.count(), expected.length);
}
