// Panels on a real Prometheus that our own collector fills, within seconds: all that does not need scores. The appliance's proof runs the rest too.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboard } from '../../grafana/build/dashboard.ts';
import { dashboards } from '../../grafana/dashboards/index.ts';
import { engines } from '../engines.ts';
import { type Filled, fillPrometheus } from './filled.ts';
import { reasonFor } from './lacking.ts';
import { type Ran, runPanels } from './run-panels.ts';

const [engine] = engines;

/** Without data and without a reason, of those that need neither a score nor somebody who looks at the processes. */
function unexplained(ran: readonly Ran[]): Ran[] {
  const ofDetectors = /anomaly_|process_threat|threat_scan_gap/;
  return ran.filter(({ expr, series, place }) => series === 0 && !ofDetectors.test(expr) && !reasonFor(place));
}

describe.skipIf(engine === undefined)('panels on a real Prometheus', () => {
  let filled: Filled;
  let ran: Ran[];

  beforeAll(async () => {
    filled = await fillPrometheus(engine!, { detectors: false });
    // Rates need two scrapes of everything, and a busy machine takes its time for them.
    for (let tries = 0; tries < 6; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      ran = await runPanels(filled.url, dashboards.map(dashboard));
      if (unexplained(ran).length === 0) break;
    }
  }, 180_000);
  afterAll(() => filled?.close());

  test('every query is understood', () => {
    expect(ran.length).toBeGreaterThan(250);
    expect(ran.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  test('every query that needs no score gives data, or is listed with its reason', () => {
    expect(unexplained(ran).map(({ place, expr }) => `${place}: ${expr}`)).toEqual([]);
  });

  test('a metric that nobody exports, and a query that is none, are told', async () => {
    const [one] = dashboards.map(dashboard).filter(({ uid }) => uid === 'odyssey-dns');
    const text = JSON.stringify(one);
    const broken = text.replaceAll('dns_resolution_success', 'dns_resolution_luck').replace('max(', 'max((');
    const found = await runPanels(filled.url, [JSON.parse(broken)]);
    expect(found.filter(({ series, error }) => series === 0 && error === undefined).length).toBeGreaterThan(2);
    expect(found.filter(({ error }) => error?.includes('parse error')).length).toBeGreaterThan(0);
  });
});
