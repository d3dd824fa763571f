// Panels on a real Prometheus that our own collector fills, within seconds: all that does not need scores. The appliance's proof runs the rest too.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboard } from '../../grafana/build/dashboard.ts';
import { dashboards } from '../../grafana/dashboards/index.ts';
import { engines } from '../engines.ts';
import { type Filled, fillPrometheus } from './filled.ts';
import { reasonFor } from './lacking.ts';
import { type Ran, runPanels } from './run-panels.ts';

const [engine] = engines;

describe.skipIf(engine === undefined)('panels on a real Prometheus', () => {
  let filled: Filled;
  let ran: Ran[];

  beforeAll(async () => {
    filled = await fillPrometheus(engine!, { detectors: false });
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    ran = await runPanels(filled.url, dashboards.map(dashboard));
  }, 120_000);
  afterAll(() => filled?.close());

  test('every query is understood', () => {
    expect(ran.length).toBeGreaterThan(250);
    expect(ran.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  test('every query that needs no score gives data, or is listed with its reason', () => {
    const ofDetectors = /anomaly_|process_threat|threat_scan_gap/;
    const silent = ran.filter(
      ({ expr, series, place }) => series === 0 && !ofDetectors.test(expr) && !reasonFor(place),
    );
    expect(silent.map(({ place, expr }) => `${place}: ${expr}`)).toEqual([]);
  });
});
