// Whom alerts are told: the settings as a draft that is compared, checked and put into force by the server, and tried with a button.
import type { z } from 'zod';
import type {
  delivery,
  NotificationSettings,
  Receiver,
  settingsSaved,
  settingsView,
  TestOutcome,
} from '../../../core/contracts/notifications.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';

type SettingsView = z.infer<typeof settingsView>;
type SettingsSaved = z.infer<typeof settingsSaved>;
export type Delivery = z.infer<typeof delivery>;
type Kind = Receiver['kind'];

export const kinds: readonly { kind: Kind; title: string; secret: string; secretHint: string }[] = [
  {
    kind: 'email',
    title: 'E-mail',
    secret: 'Password of the mail server',
    secretHint: 'Empty where it asks for none.',
  },
  {
    kind: 'slack',
    title: 'Slack or compatible',
    secret: 'Webhook address',
    secretHint: 'It lets a caller in, so it is kept like a password.',
  },
  { kind: 'ntfy', title: 'ntfy', secret: 'Access token', secretHint: 'A public topic needs none.' },
  {
    kind: 'webhook',
    title: 'Signed webhook',
    secret: 'Signing secret',
    secretHint: 'Left empty, one is made and shown once.',
  },
];

/** What of a kind has to be written before it can be saved. */
const fresh: Readonly<Record<Kind, () => Receiver>> = {
  email: () => ({ ...common('email'), kind: 'email', to: [], from: '', smarthost: '', username: '', requireTls: true }),
  slack: () => ({ ...common('slack'), kind: 'slack' }),
  ntfy: () => ({ ...common('ntfy'), kind: 'ntfy', server: 'https://ntfy.sh', topic: '' }),
  webhook: () => ({ ...common('webhook'), kind: 'webhook', url: '' }),
};

export class NotificationsPage {
  private readonly app: Pick<App, 'api' | 'attempt' | 'ports'>;
  readonly query: Query<SettingsView>;
  readonly deliveries: Query<{ items: readonly Delivery[] }>;
  /** What is being changed; undefined while nothing is. */
  draft = $state.raw<NotificationSettings>();
  /** The settings that the draft began from: what somebody else saved since is not overwritten unseen. */
  private begun = 0;
  secrets = $state<Record<string, string>>({});
  /** Signing secrets that were made by the last save: shown this once. */
  made = $state.raw<Readonly<Record<string, string>>>({});
  outcomes = $state.raw<readonly TestOutcome[]>([]);
  busy = $state<'saving' | 'testing'>();
  error = $state.raw<ApiError>();

  constructor(app: Pick<App, 'api' | 'queries' | 'attempt' | 'ports'>) {
    this.app = app;
    this.query = app.queries.get('notifications', (signal) =>
      app.api.get<SettingsView>('/notifications/settings', {}, signal),
    );
    this.deliveries = app.queries.get('deliveries', (signal) =>
      app.api.get<{ items: readonly Delivery[] }>('/notifications/deliveries', { limit: 50 }, signal),
    );
  }

  readonly shown = $derived.by((): NotificationSettings | undefined => this.draft ?? this.query.data);
  readonly receivers = $derived.by(() => this.shown?.receivers ?? []);

  readonly sentence = $derived.by(() => {
    const { data } = this.query;
    if (data === undefined) return undefined;
    const told = data.receivers.filter(({ enabled }) => enabled).length;
    const who =
      told === 0
        ? 'Nobody is told of alerts'
        : `${told} ${told === 1 ? 'receiver is' : 'receivers are'} told of alerts`;
    return data.applied.state === 'applied' ? `${who}.` : `${who}; not in force yet: ${data.applied.reason}`;
  });

  /** Whether a secret is held for a receiver; what it is nobody is shown. */
  holds(id: string): boolean {
    return this.query.data?.held.includes(id) ?? false;
  }

  add(kind: Kind): void {
    if (this.shown === undefined) return;
    const taken = new Set(this.receivers.map(({ id }) => id));
    const made = fresh[kind]();
    let id: string = kind;
    for (let count = 2; taken.has(id); count++) id = `${kind}-${count}`;
    this.change({ receivers: [...this.receivers, { ...made, id, name: id }] });
  }

  remove(id: string): void {
    this.change({ receivers: this.receivers.filter((one) => one.id !== id) });
  }

  edit(id: string, change: Record<string, unknown>): void {
    this.change({
      receivers: this.receivers.map((one) => (one.id === id ? ({ ...one, ...change } as Receiver) : one)),
    });
  }

  change(change: Partial<NotificationSettings>): void {
    const { data } = this.query;
    if (data === undefined) return;
    const { revision, held: _h, applied: _a, ...settings } = data;
    if (this.draft === undefined) this.begun = revision;
    this.draft = { ...(this.draft ?? settings), ...change };
  }

  discard(): void {
    [this.draft, this.secrets, this.error] = [undefined, {}, undefined];
  }

  /** The draft stays where the server refuses it, with its words. */
  async save(): Promise<void> {
    const { draft } = this;
    if (this.busy !== undefined || draft === undefined) return;
    this.busy = 'saving';
    this.error = undefined;
    const secrets = Object.fromEntries(Object.entries(this.secrets).filter(([, secret]) => secret !== ''));
    try {
      const body = { ...draft, revision: this.begun, secrets };
      const { made, ...view } = await this.app.api.put<SettingsSaved>('/notifications/settings', body);
      this.query.put(view);
      this.made = made;
      if (this.draft === draft) this.discard();
      else this.begun = view.revision; // what was typed meanwhile is a change of what was just saved
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    } finally {
      this.busy = undefined;
    }
  }

  /** Tries one receiver, or all, the way an alert would go. */
  async test(receiver?: string): Promise<void> {
    if (this.busy !== undefined) return;
    this.busy = 'testing';
    this.error = undefined;
    try {
      const body = receiver === undefined ? {} : { receiver };
      const { outcomes } = await this.app.api.post<{ outcomes: TestOutcome[] }>('/notifications/test', body, {
        deadlineSeconds: 60,
      });
      this.outcomes = outcomes;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    } finally {
      this.busy = undefined;
      void this.deliveries.refresh();
    }
  }

  again({ id }: Delivery): Promise<boolean> {
    return this.app
      .attempt('It is delivered once more.', () => this.app.api.post(`/notifications/deliveries/${id}/again`))
      .finally(() => void this.deliveries.refresh());
  }
}

function common(id: string) {
  return { id, name: id, enabled: true, least: 'warning', resolved: true } as const;
}
