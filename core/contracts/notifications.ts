// Whom alerts are told and how: the settings as the API takes and shows them, what Alertmanager hands over, and what became of it.
import { z } from 'zod';
import { pageQuery } from './api.ts';

/** Names a receiver in Alertmanager's routes, so it is kept plain. */
const receiverId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/);
const place = z.string().regex(/^(?:\[[0-9a-f:.]+\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/);
const address = z
  .string()
  .max(254)
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/);
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]+$/u);

const common = {
  id: receiverId,
  name: line(80),
  enabled: z.boolean(),
  /** The mildest severity that it is told. */
  least: z.enum(['critical', 'warning', 'info']),
  /** Whether it is also told that an alert has ended. */
  resolved: z.boolean(),
};

/** Alertmanager sends e-mail itself, so that it arrives though the control plane is down; the rest goes through the control plane. */
const receiver = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('email'),
    to: z.array(address).min(1).max(10),
    from: address,
    smarthost: place,
    username: z.string().max(200),
    requireTls: z.boolean(),
  }),
  /** Its secret is the address, which is what lets a caller in. */
  z.strictObject({ ...common, kind: z.literal('slack') }),
  /** Its secret is an access token; a public topic has none. */
  z.strictObject({
    ...common,
    kind: z.literal('ntfy'),
    server: webAddress,
    topic: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  }),
  /** Its secret signs what is sent. */
  z.strictObject({ ...common, kind: z.literal('webhook'), url: webAddress }),
]);
export type Receiver = z.infer<typeof receiver>;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** Begins on each of the days; an end before its start lies on the day after. */
const quietSpan = z
  .strictObject({ days: z.array(z.enum(weekdays)).min(1).max(7), from: time, to: time })
  .refine(({ from, to }) => from !== to, 'a span needs an end that is not its start');

export const notificationSettings = z.strictObject({
  receivers: z.array(receiver).max(20),
  groupBy: z
    .array(z.enum(['alertname', 'instance', 'subject', 'job', 'severity', 'name']))
    .min(1)
    .max(6),
  groupWaitSeconds: z.int().min(0).max(600),
  groupIntervalSeconds: z.int().min(60).max(3_600),
  repeatCriticalSeconds: z.int().min(300).max(604_800),
  repeatOtherSeconds: z.int().min(300).max(604_800),
  /** What is critical is told all the same. */
  quietHours: z.strictObject({
    timeZone: z.string().regex(/^[A-Za-z0-9_+/-]{1,64}$/),
    spans: z.array(quietSpan).max(14),
  }),
  /** Asks an outside monitor to notice our silence; its secret is the address. */
  heartbeat: z.strictObject({ enabled: z.boolean(), everySeconds: z.int().min(30).max(3_600) }),
  /** `host:port` on this machine or its link that may be called all the same. */
  listed: z.array(place).max(20),
  /** Where people reach the console, for links; empty for none. */
  consoleUrl: z.union([z.literal(''), webAddress]),
});
export type NotificationSettings = z.infer<typeof notificationSettings>;

export const noNotifications: NotificationSettings = {
  receivers: [],
  groupBy: ['alertname', 'instance'],
  groupWaitSeconds: 30,
  groupIntervalSeconds: 300,
  repeatCriticalSeconds: 3_600,
  repeatOtherSeconds: 43_200,
  quietHours: { timeZone: 'UTC', spans: [] },
  heartbeat: { enabled: false, everySeconds: 60 },
  listed: [],
  consoleUrl: '',
};

/** The name under which the heartbeat's address is kept among the secrets. */
export const heartbeatSecret = '_heartbeat';

export const settingsBody = notificationSettings.extend({
  /** Of the settings that these are to replace: somebody else's change is not overwritten unseen. */
  revision: z.int().min(0),
  /** By receiver; what is left out stays, an empty text takes it away. */
  secrets: z.record(z.union([receiverId, z.literal(heartbeatSecret)]), z.string().max(2_000)).default({}),
});
/** Whether Alertmanager runs on these settings, as read back from it. */
const applied = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('applied') }),
  z.strictObject({ state: z.literal('waiting'), reason: z.string() }),
]);
export type Applied = z.infer<typeof applied>;
export const settingsView = notificationSettings.extend({
  revision: z.int(),
  /** Whose secret is held; secrets themselves are never shown. */
  held: z.array(z.string()),
  applied,
});
/** Signing secrets that were made just now, shown this once. */
export const settingsSaved = settingsView.extend({ made: z.record(z.string(), z.string()) });

const texts = z.record(z.string().max(200), z.string().max(4_096));
const toldAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts,
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().regex(/^[0-9a-f]{1,32}$/),
});
/** What Alertmanager posts for one receiver: its webhook format, version 4. */
export const handedOver = z.object({
  version: z.literal('4'),
  receiver: z.string().max(100),
  status: z.enum(['firing', 'resolved']),
  groupKey: z.string().max(8_192),
  truncatedAlerts: z.int().min(0).default(0),
  alerts: z.array(toldAlert).min(1).max(100),
});
export type HandedOver = z.infer<typeof handedOver>;
export const handedOverAnswer = z.strictObject({ queued: z.int() });

const deliveryState = z.enum(['pending', 'delivered', 'failed']);
export const deliveriesQuery = pageQuery.extend({ state: deliveryState.optional() });
export const delivery = z.strictObject({
  id: z.string(),
  receiver: z.string(),
  kind: z.string(),
  state: deliveryState,
  test: z.boolean(),
  attempts: z.int(),
  createdSeconds: z.number(),
  endedSeconds: z.number().nullable(),
  /** Of a pending one. */
  nextSeconds: z.number().nullable(),
  /** What the last attempt came to. */
  said: z.string(),
  alerts: z.array(z.string()),
});

export const testBody = z.strictObject({ receiver: receiverId.optional() });
const testOutcome = z.strictObject({
  receiver: z.string(),
  /** `unknown`: it was handed in and nobody said what became of it. */
  outcome: z.enum(['sent', 'failed', 'unknown']),
  reason: z.string(),
});
export type TestOutcome = z.infer<typeof testOutcome>;
export const testAnswer = z.strictObject({ outcomes: z.array(testOutcome) });
