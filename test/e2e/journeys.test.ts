// Journeys through the console in the scripted world: each is what a person does, in a real browser, from the first click to what the server kept.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { FreshPlane, TestPlane } from '../web/server/plane.ts';
import { chromiumPath, openChromium } from './chromium.ts';
import { openConsolePlane, openFirstRunPlane } from './console-plane.ts';
import { firstRun } from './journeys/first-run.ts';
import { hostileNames } from './journeys/hostile.ts';
import { judge, judgeAs } from './journeys/judge.ts';
import { chooseReplicas, type LogsPlane, openLogsPlane, readThePast, walkLogs } from './journeys/logs.ts';
import { quietHours } from './journeys/quiet-hours.ts';
import { lesserRoles, rolesMay, watching } from './journeys/roles.ts';

const reason = chromiumPath === undefined ? ' (skipped: no Chromium here)' : '';

describe.skipIf(chromiumPath === undefined)(`journeys in Chromium${reason}`, () => {
  let plane: TestPlane;
  let fresh: FreshPlane;
  let browser: Browser;

  beforeAll(async () => {
    plane = await openConsolePlane();
    fresh = await openFirstRunPlane();
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    await fresh.close();
    await plane.close();
  });

  test('the first run makes the first admin and ends on the overview', () => firstRun(browser, fresh), 60_000);
  test('an anomaly says why, is judged, and the judgement is signed', () => judge(browser, plane), 60_000);
  test('quiet hours are set in the console', () => quietHours(browser, plane), 60_000);
  test(
    'names of 64 KB with markup, escapes and direction marks are text',
    () => hostileNames(browser, plane.url),
    60_000,
  );
  test.each(['developer', 'operator'] as const)(
    'a judgement of the %s counts and bears their name',
    (role) => judgeAs(browser, plane, role),
    60_000,
  );
  test.each(lesserRoles)(
    '%s is offered what the role may do, no more, and is refused the direct calls',
    (role) => rolesMay(browser, plane, role, watching),
    60_000,
  );
});

describe.skipIf(chromiumPath === undefined)(`the log of a deployment in Chromium${reason}`, () => {
  let logs: LogsPlane;
  let browser: Browser;

  beforeAll(async () => {
    logs = await openLogsPlane();
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    await logs.plane.close();
  });

  test('replicas are chosen, and what joins under their name is read', () => chooseReplicas(browser, logs), 60_000);
  test('older lines, the line of a link, a time, and JSON are read', () => readThePast(browser, logs), 60_000);
  test('every control is reached by keyboard alone', () => walkLogs(browser, logs), 60_000);
});
