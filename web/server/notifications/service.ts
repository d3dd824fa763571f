// Notifications as people set them: saved and put into force together, secrets taken and never shown.
import type { z } from 'zod';
import {
  type Applied,
  heartbeatSecret,
  type NotificationSettings,
  type Receiver,
  type settingsBody,
  type settingsSaved,
  type settingsView,
  type TestOutcome,
} from '../../../core/contracts/notifications.ts';
import { refuseAddress } from '../outbound/address.ts';
import { UserError } from '../user-error.ts';
import { applyConfiguration, type ConfigurationPorts } from './configuration.ts';
import { secretPrefix } from './messages.ts';
import type { NotificationStore, Secrets } from './store.ts';
import { type TestPorts, testReceiver } from './test-alert.ts';

export interface NotificationPorts extends ConfigurationPorts, Omit<TestPorts, 'byNonce'> {
  store: NotificationStore;
  randomBytes(count: number): Uint8Array;
  base64: { encode(bytes: Uint8Array): string; decode(text: string): Uint8Array };
  isAddress(host: string): boolean;
}

export class NotificationService {
  applied: Applied = { state: 'waiting', reason: 'Alertmanager was not asked yet.' };
  private readonly ports: NotificationPorts;
  /** One change at a time: the file, Alertmanager and the database belong together. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(ports: NotificationPorts) {
    this.ports = ports;
  }

  view(): z.infer<typeof settingsView> {
    const { revision, settings } = this.ports.store.settings();
    return { ...settings, revision, held: Object.keys(this.ports.store.secrets()).sort(), applied: this.applied };
  }

  /** Nothing is saved that amtool or Alertmanager refuses. */
  save(body: z.infer<typeof settingsBody>): Promise<z.infer<typeof settingsSaved>> {
    return this.inTurn(async () => {
      const { store } = this.ports;
      const { revision, secrets: given, ...settings } = body;
      if (revision !== store.settings().revision)
        throw new UserError(
          409,
          'changed-meanwhile',
          'Somebody else has changed these settings. Read them again first.',
        );
      refuseFaults(settings, given, this.ports);
      const { secrets, made } = this.settleSecrets(settings, given);
      this.applied = await applyConfiguration(settings, secrets, this.ports);
      store.save(revision + 1, settings, secrets);
      return { ...this.view(), made };
    });
  }

  /** Puts what is saved into force where Alertmanager does not run on it: after a start, or when it did not answer. */
  reapply(): Promise<void> {
    return this.inTurn(async () => {
      const { store } = this.ports;
      try {
        this.applied = await applyConfiguration(store.settings().settings, store.secrets(), this.ports);
      } catch (error) {
        this.applied = { state: 'waiting', reason: (error as Error).message };
      }
    });
  }

  /** All receivers that are switched on, one after the other, or the one that is named. */
  async test(id: string | undefined): Promise<TestOutcome[]> {
    const { store } = this.ports;
    const receivers = store
      .settings()
      .settings.receivers.filter((one) => one.enabled && (id === undefined || one.id === id));
    if (receivers.length === 0)
      throw new UserError(404, 'no-receiver', 'There is no such receiver that is switched on.');
    await this.reapply();
    if (this.applied.state === 'waiting') {
      const { reason } = this.applied;
      return receivers.map((one) => ({ receiver: one.id, outcome: 'unknown', reason }));
    }
    const outcomes: TestOutcome[] = [];
    for (const one of receivers) outcomes.push(await this.testOne(one));
    return outcomes;
  }

  private async testOne(receiver: Receiver): Promise<TestOutcome> {
    try {
      return await testReceiver(receiver, { ...this.ports, byNonce: this.ports.store.byNonce });
    } catch (error) {
      return {
        receiver: receiver.id,
        outcome: 'unknown',
        reason: `Alertmanager ${(error as Error).message}`.slice(0, 300),
      };
    }
  }

  /** What is held and not given stays; a webhook without a secret gets one. */
  private settleSecrets(settings: NotificationSettings, given: Secrets): { secrets: Secrets; made: Secrets } {
    const held = this.ports.store.secrets();
    const names = [heartbeatSecret, ...settings.receivers.map(({ id }) => id)];
    const secrets = Object.fromEntries(
      names.map((name) => [name, given[name] ?? held[name] ?? '']).filter(([, value]) => value !== ''),
    ) as Record<string, string>;
    const made: Record<string, string> = {};
    for (const { id, kind } of settings.receivers) {
      if (kind !== 'webhook' || secrets[id] !== undefined) continue;
      made[id] = `${secretPrefix}${this.ports.base64.encode(this.ports.randomBytes(32))}`;
      secrets[id] = made[id];
    }
    return { secrets, made };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

/** What the schema cannot see: names twice, secrets of the wrong form, addresses that are never called. */
/** Alertmanager refuses it, too; but it may not be there to be asked. */
function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function refuseFaults(settings: NotificationSettings, given: Secrets, { isAddress, base64 }: NotificationPorts): void {
  const refuse = (text: string) => {
    throw new UserError(422, 'not-usable', text);
  };
  const ids = settings.receivers.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) refuse(`Two receivers are called ${twice}.`);
  if (ids.some((id) => ['kept', 'inbox', 'watchdog'].includes(id))) refuse('kept, inbox and watchdog are taken.');
  const stray = Object.keys(given).find((name) => name !== heartbeatSecret && !ids.includes(name));
  if (stray !== undefined) refuse(`There is a secret for ${stray}, and no such receiver.`);
  const { timeZone } = settings.quietHours;
  if (!isTimeZone(timeZone)) refuse(`${timeZone} is no time zone; give one such as Europe/Berlin, or UTC.`);
  const listed = new Set(settings.listed);
  const refuseUrl = (who: string, text: string) => {
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) refuse(`The address of ${who} is none.`);
    const { hostname, port, protocol } = new URL(text);
    refusePlace(
      who,
      hostname.replace(/^\[|\]$/g, ''),
      port === '' ? (protocol === 'https:' ? '443' : '80') : port,
      listed,
    );
  };
  const refusePlace = (who: string, host: string, port: string, places: ReadonlySet<string>) => {
    const reason = isAddress(host) ? refuseAddress(host, places.has(`${host}:${port}`)) : undefined;
    if (reason !== undefined) refuse(`${who}: ${reason}`);
  };
  for (const one of settings.receivers) {
    const secret = given[one.id] ?? '';
    if (one.kind === 'webhook') refuseUrl(one.id, one.url);
    if (one.kind === 'ntfy') refuseUrl(one.id, one.server);
    if (one.kind === 'slack' && secret !== '') refuseUrl(one.id, secret);
    if (one.kind === 'webhook' && secret !== '' && !isSigningSecret(secret, base64))
      refuse(`The secret of ${one.id} must be ${secretPrefix} and at least 24 bytes in base64.`);
    if (one.kind === 'email') {
      const at = one.smarthost.lastIndexOf(':');
      // A mail server on this machine is ordinary, and by naming it the admin has listed it.
      refusePlace(
        one.id,
        one.smarthost.slice(0, at).replace(/^\[|\]$/g, ''),
        one.smarthost.slice(at + 1),
        new Set([one.smarthost]),
      );
    }
  }
  const monitor = given[heartbeatSecret] ?? '';
  if (monitor !== '') refuseUrl('the heartbeat', monitor);
}

function isSigningSecret(secret: string, { decode }: NotificationPorts['base64']): boolean {
  return secret.startsWith(secretPrefix) && decode(secret.slice(secretPrefix.length)).length >= 24;
}
