// The queue in front of a receiver: each message once, a bound, every outcome kept, refused places recorded.
import { describe, expect, test } from 'vitest';
import { type HandedOver, noNotifications } from '../../../../core/contracts/notifications.ts';
import { openDb } from '../../../../web/server/db.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';
import { NotificationQueue } from '../../../../web/server/notifications/queue.ts';
import { createNotificationStore, pendingMax } from '../../../../web/server/notifications/store.ts';

const common = { name: 'N', enabled: true, least: 'info', resolved: true } as const;
const receivers = [
  { ...common, id: 'chat', kind: 'slack' as const },
  { ...common, id: 'off', enabled: false, kind: 'slack' as const },
];

function open() {
  const store = createNotificationStore(openDb(':memory:', controlMigrations));
  store.save(1, { ...noNotifications, receivers }, { chat: 'https://hooks.example.org/very-secret' });
  let ids = 0;
  const it = {
    ...{ store, now: 1_000, sent: [] as string[], noted: [] as string[] },
    answer: (): number | Error => 200,
    refuses: false,
  };
  const queue = new NotificationQueue({
    ...{ store, hmac: () => new Uint8Array(), base64: { encode: () => '', decode: () => new Uint8Array() } },
    async send({ body }) {
      it.sent.push(body);
      const answer = it.answer();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    isRefusal: () => it.refuses,
    noteRefused: async (receiver, reason) => void it.noted.push(`${receiver}: ${reason}`),
    ...{ randomId: () => String(++ids).padStart(16, '0'), chance: () => 0.5, sha256Hex: (text) => text },
    unixSeconds: () => it.now,
  });
  return Object.assign(it, { queue });
}

function message(changes: Partial<HandedOver> = {}): HandedOver {
  const alert = {
    ...{ status: 'firing' as const, labels: { alertname: 'A', nonce: 'n1' }, annotations: {}, fingerprint: 'ab' },
    ...{ startsAt: '2027-01-15T08:00:00Z', endsAt: '0001-01-01T00:00:00Z' },
  };
  return {
    ...{ version: '4', receiver: 'chat', status: 'firing', groupKey: '{}', truncatedAlerts: 0, alerts: [alert] },
    ...changes,
  };
}

describe('what comes in', () => {
  test('told twice within minutes it is one delivery, repeated on purpose it is another', () => {
    const it = open();
    expect([it.queue.take(message()), it.queue.take(message())]).toEqual([1, 0]);
    it.now += 300;
    expect(it.queue.take(message())).toBe(1);
  });

  test.each([
    { given: 'a receiver that is switched off', changes: { receiver: 'off' } },
    { given: 'a receiver that is gone', changes: { receiver: 'gone' } },
    { given: 'the end of a test', changes: { receiver: 'test chat', status: 'resolved' as const } },
    { given: 'the watchdog', changes: { receiver: 'watchdog' } },
  ])('$given makes no delivery', ({ changes }) => {
    expect(open().queue.take(message(changes))).toBe(0);
  });

  test('the watchdog is remembered', () => {
    const it = open();
    it.queue.take(message({ receiver: 'watchdog' }));
    expect(it.queue.counts.watchdogSeconds).toBe(1_000);
  });

  test('a full queue refuses, so that Alertmanager keeps it', () => {
    const it = open();
    for (let at = 0; at < pendingMax; at++) it.queue.take(message({ groupKey: `${at}` }));
    expect(() => it.queue.take(message({ groupKey: 'one more' }))).toThrow('wait already');
    expect(it.queue.counts.fullTotal).toBe(1);
  });
});

describe('what goes out', () => {
  test('what fails comes again later, what arrived does not', async () => {
    const it = open();
    it.queue.take(message());
    it.answer = () => 503;
    await it.queue.work();
    await it.queue.work();
    expect(it.sent).toHaveLength(1);
    it.now += 6;
    it.answer = () => 200;
    await it.queue.work();
    await it.queue.work();
    expect(it.sent).toHaveLength(2);
    expect(it.store.list(undefined, 99, 9)).toMatchObject([{ state: 'delivered', attempts: 2, said: 'answered 200' }]);
    expect([...it.queue.counts.ended.values()].map(({ outcome }) => outcome)).toEqual(['tried-again', 'delivered']);
  });

  test('at most four at once', async () => {
    const it = open();
    for (let at = 0; at < 9; at++) it.queue.take(message({ groupKey: `${at}` }));
    await it.queue.work();
    expect(it.sent).toHaveLength(4);
  });

  test('a place that is never called is given up and noted', async () => {
    const it = open();
    it.queue.take(message());
    it.refuses = true;
    it.answer = () => new Error('169.254.169.254 is metadata');
    await it.queue.work();
    expect(it.noted).toEqual(['chat: 169.254.169.254 is metadata']);
    expect(it.store.list('failed', 99, 9)).toHaveLength(1);
  });

  test('no secret stands in what is kept of a failure', async () => {
    const it = open();
    it.queue.take(message());
    it.answer = () => new Error('cannot reach https://hooks.example.org/very-secret');
    await it.queue.work();
    expect(it.store.list(undefined, 99, 9)[0]!.said).toBe('cannot reach …');
  });

  test('what has ended is delivered once more when asked for', async () => {
    const it = open();
    it.queue.take(message());
    await it.queue.work();
    const { id } = it.store.list(undefined, 99, 9)[0]!;
    expect([it.store.again(id, it.now), it.store.again(id, it.now)]).toEqual([true, false]);
    await it.queue.work();
    expect(it.sent).toHaveLength(2);
  });

  test('a test is found by its nonce', async () => {
    const it = open();
    it.queue.take(message({ receiver: 'test chat' }));
    await it.queue.work();
    expect(it.store.byNonce('n1')).toMatchObject({ state: 'delivered', receiver: 'chat' });
  });
});
