// What people say about what the detectors found: alerts and threats, each told to the detectors on a path of its own.
import { expect, test } from 'vitest';
import { systemClock } from '../../../core/runtime/clock.ts';
import { openDb } from '../../../web/server/db.ts';
import { judgingRoutes } from '../../../web/server/judging.ts';
import { controlMigrations } from '../../../web/server/migrations/index.ts';
import { nobody, openPlane } from './plane.ts';

test('both have a path to say it and one for the detectors', async () => {
  const it = await openPlane();
  try {
    const db = openDb(':memory:', controlMigrations);
    const watch = { ...nobody, processDetector: nobody.detectors.process, token: () => 'none' };
    const routes = judgingRoutes({ db, clock: systemClock, watch, nameOf: () => undefined });
    db.close();
    const served = new Set(it.plane.routes.map(({ method, path, access }) => `${access} ${method} ${path}`));
    const own = routes.map(({ method, path, access }) => `${access} ${method} ${path}`);
    expect(own.filter((one) => !served.has(one))).toEqual([]);
    expect(own).toEqual([
      'anomaly:judge post /anomalies/feedback',
      'detectors get /anomalies/feedback',
      'watch:read get /threats/exceptions',
      'threat:allow post /threats/exceptions',
      'threat:allow delete /threats/exceptions/:exception',
      'detectors get /threats/allowed',
    ]);
  } finally {
    await it.close();
  }
});
