// A silence from end to end: a real rule fires in a real Prometheus, a real Alertmanager holds it back, and a real browser says so.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { engines } from '../engines.ts';
import { chromiumPath, openChromium } from './chromium.ts';
import { silence } from './journeys/silence.ts';
import { type RealAlerts, startRealAlerts } from './real-alerts.ts';

const [engine] = engines;
const missing = [
  ...(chromiumPath === undefined ? ['no Chromium'] : []),
  ...(engine === undefined ? ['no Prometheus and Alertmanager'] : []),
];
const skipped = missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} here)`;

describe.skipIf(missing.length > 0)(`a silence in Chromium${skipped}`, () => {
  let browser: Browser;
  let real: RealAlerts;
  beforeAll(async () => {
    real = await startRealAlerts(engine!);
    browser = await openChromium();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await real?.close();
  });

  test(
    'an alert fires, is silenced, unknown without Alertmanager, fires again, and is told once',
    () => silence(browser, real, 'short'),
    120_000,
  );
});
