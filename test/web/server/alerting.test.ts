// All that has to do with Alertmanager is put together: every route is there, and its figures are of the declared names.
import { expect, test } from 'vitest';
import { systemClock } from '../../../core/runtime/clock.ts';
import { createLog } from '../../../core/runtime/log.ts';
import { openAlerting } from '../../../web/server/alerting.ts';
import { openDb } from '../../../web/server/db.ts';
import { controlMigrations } from '../../../web/server/migrations/index.ts';
import { notificationMetrics } from '../../../web/server/notifications/figures.ts';

test('routes of alerts, silences and notifications; figures before anything happened', () => {
  const options = { configFile: '/none', amtool: '', inbox: { url: 'http://127.0.0.1:9', tokenFile: '', caFile: '' } };
  const { routes, notifications } = openAlerting(options, {
    ...{ db: openDb(':memory:', controlMigrations), clock: systemClock, log: createLog('test', 'error') },
    ...{ audit: { note: async () => 0 }, alertmanager: 'http://127.0.0.1:9' },
    http: { fetch, timeoutSeconds: 1, answerBytesMax: 1_000 },
  });
  const paths = new Set(routes.map(({ path }) => path));
  for (const path of ['/alerts', '/silences', '/inbox/alertmanager', '/inbox/notifications', '/notifications/settings'])
    expect(paths).toContain(path);
  const names = [...notifications.figures().matchAll(/^(\w+)(?:\{[^}]*\})? /gm)].map(([, name]) => name);
  expect(names).toEqual([
    'odyssey_notifications_pending',
    'odyssey_notifications_full_total',
    'odyssey_notification_settings_applied',
  ]);
  for (const name of names) expect(notificationMetrics.map((metric) => metric.name)).toContain(name);
});
