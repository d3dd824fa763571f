// The inbox that Alertmanager posts to with its own token, and the alerts that came in, as people read them.
import { z } from 'zod';
import { page } from '../../../core/contracts/api.ts';
import { alertmanagerMessage, alertsQuery, inboxAnswer, keptAlert } from '../../../core/contracts/inbox.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { type Route, route } from '../http/route.ts';
import type { AlertStore } from './store.ts';

export function alertRoutes(store: AlertStore, unixSeconds: () => number): Route[] {
  return [
    route({
      method: 'post',
      path: '/inbox/alertmanager',
      access: 'alertmanager',
      summary: 'Alerts as Alertmanager tells them; telling them again changes nothing',
      body: alertmanagerMessage,
      answer: inboxAnswer,
      unrecorded: 'what comes in is no act; what follows from it is',
      handle: ({ body }) => ({ alerts: body.alerts.length, added: store.take(body.alerts, unixSeconds()) }),
    }),
    route({
      method: 'get',
      path: '/alerts',
      access: 'watch:read',
      summary: 'Alerts that Alertmanager told of, newest first',
      query: alertsQuery,
      answer: page(keptAlert),
      handle({ query: { status, cursor, limit } }) {
        const before = decodeCursor(cursor, z.int().positive(), Number.MAX_SAFE_INTEGER);
        const rows = store.list(status, before, limit + 1);
        const items = rows.slice(0, limit);
        const next = rows.length > items.length ? encodeCursor(items.at(-1)!.seq) : null;
        return { items: items.map(({ seq: _, ...item }) => item), next };
      },
    }),
  ];
}
