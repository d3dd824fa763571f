// Takes what Alertmanager hands over into the queue, and works the queue off: at least once, in bounds, every outcome kept.
import type { HandedOver } from '../../../core/contracts/notifications.ts';
import { UserError } from '../user-error.ts';
import { composeMessage, type MessagePorts, type Outgoing } from './messages.ts';
import { type Attempt, judgeAttempt } from './retry.ts';
import { type Delivery, type NotificationStore, pendingMax } from './store.ts';

export interface QueuePorts extends MessagePorts {
  store: NotificationStore;
  /** Posts it; rejects where there is no answer. `listed` are the places that may lie on this machine. */
  send(outgoing: Outgoing, listed: ReadonlySet<string>): Promise<number>;
  /** Whether the address was refused rather than not reached. */
  isRefusal(error: unknown): boolean;
  /** Notes a refused address in the audit log. */
  noteRefused(receiver: string, reason: string): Promise<void>;
  randomId(): string;
  chance(): number;
  sha256Hex(text: string): string;
  unixSeconds(): number;
}

export interface QueueCounts {
  /** By kind and outcome. */
  ended: Map<string, { kind: string; outcome: string; count: number }>;
  fullTotal: number;
  /** When the watchdog came last; undefined until it has. */
  watchdogSeconds: number | undefined;
}

const atOnceMax = 4;

export class NotificationQueue {
  readonly counts: QueueCounts = { ended: new Map(), fullTotal: 0, watchdogSeconds: undefined };
  private readonly ports: QueuePorts;
  private readonly inFlight = new Set<string>();

  constructor(ports: QueuePorts) {
    this.ports = ports;
  }

  /** How many deliveries came of it: one, or none for what is no longer wanted or was taken a moment ago. Refuses when the queue is full: Alertmanager tries again. */
  take(message: HandedOver): number {
    const { store } = this.ports;
    const now = this.ports.unixSeconds();
    if (message.receiver === 'watchdog') {
      this.counts.watchdogSeconds = now;
      return 0;
    }
    const isTest = message.receiver.startsWith('test ');
    if (isTest && message.status === 'resolved') return 0;
    const id = isTest ? message.receiver.slice(5) : message.receiver;
    const receiver = store.settings().settings.receivers.find((one) => one.id === id && one.enabled);
    if (receiver === undefined || receiver.kind === 'email') return 0;
    if (store.pending() >= pendingMax) {
      this.counts.fullTotal += 1;
      throw new UserError(503, 'queue-full', `${pendingMax} messages wait already. Try again later.`, 30);
    }
    const { status, alerts, truncatedAlerts } = message;
    const added = store.add(
      {
        ...{
          id: this.ports.randomId(),
          receiver: id,
          kind: receiver.kind,
          message: { status, alerts, truncatedAlerts },
        },
        same: this.ports.sha256Hex(JSON.stringify([message.receiver, message.groupKey, alerts])),
        nonce: isTest ? (alerts[0]!.labels['nonce'] ?? '') : null,
      },
      now,
    );
    return added ? 1 : 0;
  }

  /** Tries what is due, a few at once; resolves when those are settled. */
  async work(): Promise<void> {
    const due = this.ports.store.due(this.ports.unixSeconds(), atOnceMax).filter(({ id }) => !this.inFlight.has(id));
    await Promise.all(due.map((delivery) => this.deliver(delivery)));
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { store, unixSeconds, chance, noteRefused } = this.ports;
    this.inFlight.add(delivery.id);
    try {
      const attempt = await this.attempt(delivery);
      if (attempt.kind === 'refused') await noteRefused(delivery.receiver, attempt.reason);
      const now = unixSeconds();
      const outcome = judgeAttempt(attempt, delivery.attempts + 1, delivery.nonce !== null, now, chance());
      store.settle(delivery.id, outcome, now);
      this.count(delivery.kind, outcome.state === 'pending' ? 'tried-again' : outcome.state);
    } finally {
      this.inFlight.delete(delivery.id);
    }
  }

  private async attempt(delivery: Delivery): Promise<Attempt> {
    const { store, send, isRefusal, unixSeconds } = this.ports;
    const { settings } = store.settings();
    const receiver = settings.receivers.find(({ id }) => id === delivery.receiver);
    if (receiver === undefined) return { kind: 'refused', reason: 'there is no such receiver any more' };
    const secret = store.secrets()[receiver.id] ?? '';
    const told = { receiver, secret, delivery, consoleUrl: settings.consoleUrl, unixSeconds: unixSeconds() };
    try {
      const status = await send(composeMessage(told, this.ports), new Set(settings.listed));
      return { kind: 'answered', status };
    } catch (error) {
      const reason = (error as Error).message;
      return {
        kind: isRefusal(error) ? 'refused' : 'unanswered',
        reason: secret === '' ? reason : hide(reason, secret),
      };
    }
  }

  private count(kind: string, outcome: string): void {
    const key = `${kind} ${outcome}`;
    const row = this.counts.ended.get(key) ?? { kind, outcome, count: 0 };
    this.counts.ended.set(key, { ...row, count: row.count + 1 });
  }
}

function hide(text: string, secret: string): string {
  return text.replaceAll(secret, '…');
}
