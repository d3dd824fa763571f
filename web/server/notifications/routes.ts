// Notifications over HTTP: settings, the test button, deliveries, and the inbox that Alertmanager hands messages to.
import { z } from 'zod';
import { nothing, page } from '../../../core/contracts/api.ts';
import {
  deliveriesQuery,
  delivery,
  handedOver,
  handedOverAnswer,
  settingsBody,
  settingsSaved,
  settingsView,
  testAnswer,
  testBody,
} from '../../../core/contracts/notifications.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { type Route, route } from '../http/route.ts';
import { UserError } from '../user-error.ts';
import type { NotificationQueue } from './queue.ts';
import type { NotificationService } from './service.ts';
import type { NotificationStore } from './store.ts';

interface Parts {
  service: NotificationService;
  queue: NotificationQueue;
  store: NotificationStore;
  unixSeconds(): number;
}

export function notificationRoutes(parts: Parts): Route[] {
  return [...settingsRoutes(parts), ...deliveryRoutes(parts)];
}

function settingsRoutes({ service }: Parts): Route[] {
  return [
    route({
      method: 'get',
      path: '/notifications/settings',
      access: 'notification:read',
      summary: 'Whom alerts are told and how, and whether Alertmanager runs on it',
      answer: settingsView,
      handle: () => service.view(),
    }),
    route({
      method: 'put',
      path: '/notifications/settings',
      access: 'notification:manage',
      summary: 'Set whom alerts are told and how; checked, put into force and read back',
      body: settingsBody,
      answer: settingsSaved,
      secretAnswer: true,
      act: {
        action: 'notification:set',
        subject: () => 'notifications',
        detail: ({ secrets, receivers, ...settings }) => ({
          receivers: receivers.map(({ id, kind, enabled, least }) => `${id} ${kind} ${enabled ? least : 'off'}`),
          secretsGiven: Object.keys(secrets).sort(),
          ...{ revision: settings.revision, listed: settings.listed, heartbeat: settings.heartbeat.enabled },
        }),
      },
      async handle({ body, record }) {
        const saved = await service.save(body);
        record({ applied: saved.applied.state });
        return saved;
      },
    }),
    route({
      method: 'post',
      path: '/notifications/test',
      access: 'notification:manage',
      summary: 'Send a test alert the real way, and say what became of it',
      body: testBody,
      answer: testAnswer,
      act: { action: 'notification:test', subject: (_, { receiver }) => `receiver/${receiver ?? '*'}` },
      async handle({ body, record }) {
        const outcomes = await service.test(body.receiver);
        record({ outcomes: outcomes.map(({ receiver, outcome }) => `${receiver} ${outcome}`) });
        return { outcomes };
      },
    }),
  ];
}

function deliveryRoutes({ queue, store, unixSeconds }: Parts): Route[] {
  return [
    route({
      method: 'get',
      path: '/notifications/deliveries',
      access: 'notification:read',
      summary: 'What the control plane delivered or tries to, newest first',
      query: deliveriesQuery,
      answer: page(delivery),
      handle({ query: { state, cursor, limit } }) {
        const before = decodeCursor(cursor, z.int().positive(), Number.MAX_SAFE_INTEGER);
        const rows = store.list(state, before, limit + 1);
        const items = rows.slice(0, limit);
        const next = rows.length > items.length ? encodeCursor(items.at(-1)!.seq) : null;
        return { items: items.map(({ seq: _, ...item }) => item), next };
      },
    }),
    route({
      method: 'post',
      path: '/notifications/deliveries/:delivery/again',
      access: 'notification:manage',
      summary: 'Deliver once more what has ended',
      params: z.strictObject({ delivery: z.string().regex(/^[0-9a-f]{16}$/) }),
      answer: nothing,
      act: { action: 'notification:again', subject: ({ delivery: id }) => `delivery/${id}` },
      handle({ params }) {
        if (!store.again(params.delivery, unixSeconds()))
          throw new UserError(404, 'no-delivery', 'There is no such delivery that has ended.');
        return {};
      },
    }),
    route({
      method: 'post',
      path: '/inbox/notifications',
      access: 'alertmanager',
      summary: 'What Alertmanager has for one receiver; kept before it is answered',
      body: handedOver,
      answer: handedOverAnswer,
      unrecorded: 'Alertmanager only hands on; every delivery has a record of its own',
      handle: ({ body }) => ({ queued: queue.take(body) }),
    }),
  ];
}
