// All that has to do with Alertmanager: alerts that came in, silences, and whom they are told.
import { alertRoutes } from './alerts/routes.ts';
import { createAlertStore } from './alerts/store.ts';
import { type NotificationOptions, openNotifications, type Surroundings } from './notifications/open.ts';
import { silenceRoutes } from './silences/routes.ts';

export function openAlerting(options: NotificationOptions, around: Surroundings) {
  const { unixSeconds } = around.clock;
  const notifications = openNotifications(options, around);
  const routes = [
    ...alertRoutes(createAlertStore(around.db), unixSeconds),
    ...silenceRoutes({ ...around, unixSeconds }),
    ...notifications.routes,
  ];
  return { notifications, routes };
}
