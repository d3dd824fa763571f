// Puts notifications together and keeps them going: the queue each second, the heartbeat, and settings that Alertmanager does not run on yet.
import { createHmac, hash } from 'node:crypto';
import { isIP } from 'node:net';
import { heartbeatSecret } from '../../../core/contracts/notifications.ts';
import type { Inbox } from '../../../core/lib/alertmanager-config.ts';
import type { Clock } from '../../../core/runtime/clock.ts';
import type { Log } from '../../../core/runtime/log.ts';
import type { AuditLog } from '../audit/log.ts';
import { randomBytes, randomId } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { Route } from '../http/route.ts';
import { isRefusedPlace, post } from '../outbound/post.ts';
import type { FetchPorts } from '../watch/fetch-json.ts';
import { createConfigFile } from './config-file.ts';
import { renderNotificationFigures } from './figures.ts';
import { Heartbeat } from './heartbeat.ts';
import { NotificationQueue } from './queue.ts';
import { notificationRoutes } from './routes.ts';
import { NotificationService } from './service.ts';
import { createNotificationStore } from './store.ts';

export interface NotificationOptions {
  /** File that Alertmanager is started with. */
  configFile: string;
  /** Empty where there is none. */
  amtool: string;
  inbox: Inbox;
}

export interface Surroundings {
  db: Db;
  audit: Pick<AuditLog, 'note'>;
  clock: Clock;
  log: Log;
  alertmanager: string;
  http: FetchPorts;
}

export interface OpenNotifications {
  routes: readonly Route[];
  /** Text for /metrics. */
  figures(): string;
  /** Does what is due now. */
  tick(): Promise<void>;
  /** Ticks each second until it is stopped. */
  run(signal: AbortSignal): Promise<void>;
}

const sendSeconds = 10;
const reapplySeconds = 15;
const base64 = {
  encode: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
  decode: (text: string): Uint8Array => Buffer.from(text, 'base64'),
};
const sha256Hex = (text: string) => hash('sha256', text, 'hex');

export function openNotifications(options: NotificationOptions, around: Surroundings): OpenNotifications {
  const { db, clock, log, alertmanager, http } = around;
  const { unixSeconds, sleep } = clock;
  const store = createNotificationStore(db);
  const service = new NotificationService({
    ...{ alertmanager, http, inbox: options.inbox, store, base64, sha256Hex, randomBytes, randomId, unixSeconds },
    file: createConfigFile(options.configFile, options.amtool),
    isAddress: (host) => isIP(host) !== 0,
    sleep: (seconds) => sleep(seconds),
  });
  const queue = openQueue(store, around);
  const listed = () => new Set(store.settings().settings.listed);
  const beat = (url: string) => post(url, '', { timeoutSeconds: sendSeconds, listed: listed() });
  const heartbeat = new Heartbeat({ unixSeconds, beat });
  let reapplied = Number.NEGATIVE_INFINITY;
  const tick = async (): Promise<void> => {
    const now = clock.monotonicSeconds();
    const isDue = service.applied.state === 'waiting' && now - reapplied >= reapplySeconds;
    if (isDue) reapplied = now;
    const plan = { ...store.settings().settings.heartbeat, url: store.secrets()[heartbeatSecret] ?? '' };
    const { watchdogSeconds } = queue.counts;
    await Promise.all([isDue && service.reapply(), queue.work(), heartbeat.tick({ ...plan, watchdogSeconds })]);
  };
  return {
    routes: notificationRoutes({ service, queue, store, unixSeconds }),
    figures: () =>
      renderNotificationFigures({
        pending: store.pending(),
        counts: queue.counts,
        applied: service.applied,
        heartbeat,
      }),
    tick,
    async run(signal) {
      while (!signal.aborted) {
        await tick().catch((error: unknown) =>
          log.error({ err: error }, 'notifications stand still; they are tried again'),
        );
        await sleep(1, signal);
      }
    },
  };
}

function openQueue(store: ReturnType<typeof createNotificationStore>, { audit, clock, log }: Surroundings) {
  return new NotificationQueue({
    ...{ store, base64, sha256Hex, randomId, unixSeconds: clock.unixSeconds, chance: Math.random },
    hmac: (key, message) => createHmac('sha256', key).update(message).digest(),
    send: ({ url, body, headers }, listed) => post(url, body, { timeoutSeconds: sendSeconds, listed, headers }),
    isRefusal: isRefusedPlace,
    async noteRefused(receiver, reason) {
      const actor = { kind: 'system', id: 'notifications' } as const;
      const act = { actor, action: 'notification:deliver', subject: `receiver/${receiver}`, detail: { reason } };
      await audit
        .note(act, 'refused')
        .catch((error: unknown) => log.error({ err: error }, 'a refusal could not be recorded'));
    },
  });
}
