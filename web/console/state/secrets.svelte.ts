// Secrets of an environment: written and never read, rotated in two phases, with who mounts which version.
import type { SecretRotation, SecretView } from '../../../core/contracts/secrets.ts';
import type { Meaning } from '../values/meaning.ts';
import type { App } from './app.svelte.ts';
import type { Query } from './query.svelte.ts';
import { Sending } from './sending.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'attempt' | 'danger' | 'ports' | 'toasts'>;
/** What the form is for: a new one, a new version of one, who may mount one. */
type Intent = { kind: 'make' } | { kind: 'rotate' | 'share'; secret: SecretView };

export class SecretsPage {
  private readonly app: Ground;
  private readonly path: string;
  readonly query: Query<{ items: readonly SecretView[] }>;
  readonly sending: Sending;
  intent = $state.raw<Intent>();
  name = $state('');
  /** Gone as soon as it was sent. */
  value = $state('');
  deployments = $state('');

  constructor(app: Ground, environment: string) {
    this.app = app;
    this.path = `/environments/${environment}/secrets`;
    this.query = app.queries.get(`secrets ${environment}`, (signal) => app.api.get(this.path, {}, signal));
    this.sending = new Sending(app.ports);
  }

  readonly items = $derived.by(() =>
    [...(this.query.data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name, 'en')),
  );

  readonly sentence = $derived.by(() => {
    if (this.query.data === undefined) return undefined;
    const count = this.items.length;
    const moving = this.items.filter(({ rotation }) => isMoving(rotation)).length;
    const failed = this.items.filter(({ rotation }) => rotation?.phase === 'failed').length;
    const all = `${count === 0 ? 'No secret' : count === 1 ? '1 secret' : `${count} secrets`}`;
    const more = [moving > 0 ? `${moving} being rotated` : '', failed > 0 ? `${failed} failed to rotate` : ''];
    return `${[all, ...more.filter(Boolean)].join(', ')}.`;
  });

  open(intent: Intent): void {
    this.intent = intent;
    [this.name, this.value] = ['', ''];
    this.deployments = intent.kind === 'share' ? intent.secret.deployments.join(' ') : '';
    this.sending.error = undefined;
  }

  close(): void {
    this.intent = undefined;
    this.value = '';
  }

  readonly ready = $derived.by(() => {
    if (this.intent === undefined || this.intent.kind === 'share') return this.intent !== undefined;
    return this.value !== '' && (this.intent.kind === 'rotate' || this.name.trim() !== '');
  });

  async submit(): Promise<void> {
    const { intent } = this;
    if (intent === undefined || !this.ready) return;
    const worked = await this.sending.run((key) => this.send(intent, key));
    if (!worked) return;
    const told = {
      make: 'The secret is kept; nobody can read it again.',
      rotate: 'The rotation has begun.',
      share: 'Who may mount it is changed.',
    };
    this.app.toasts.done(told[intent.kind]);
    if (this.intent === intent) this.close(); // another may have been opened meanwhile
    await this.query.refresh();
  }

  async remove(secret: SecretView): Promise<void> {
    const sure = await this.app.danger.ask({
      title: `Remove ${secret.name}`,
      lost: 'All its versions go; nothing brings the value back.',
      ...{ type: secret.name, button: 'Remove it' },
    });
    if (!sure) return;
    await this.app.attempt(`${secret.name} is removed.`, () => this.app.api.delete(`${this.path}/${secret.name}`));
    await this.query.refresh();
  }

  private send(intent: Intent, key: string): Promise<unknown> {
    const deployments = this.deployments.split(/[\s,]+/).filter(Boolean);
    const value = { text: this.value };
    if (intent.kind === 'make') {
      return this.app.api.post(this.path, { name: this.name.trim(), value, deployments }, { key });
    }
    const one = `${this.path}/${intent.secret.name}`;
    return intent.kind === 'rotate'
      ? this.app.api.post(`${one}/versions`, { value }, { key })
      : this.app.api.put(`${one}/deployments`, { deployments });
  }
}

function isMoving(rotation: SecretRotation | null): boolean {
  return rotation !== null && rotation.phase !== 'done' && rotation.phase !== 'failed';
}

/** Where a rotation stands, as a word with its weight; undefined where nothing is to be said. */
export function sayRotation(rotation: SecretRotation | null): { meaning: Meaning; text: string } | undefined {
  if (rotation === null || rotation.phase === 'done') return undefined;
  const way = `from version ${rotation.from} to ${rotation.to}`;
  if (rotation.phase === 'failed') return { meaning: 'critical', text: `rotation ${way} failed` };
  return { meaning: 'notice', text: `rotating ${way}: ${rotation.phase}` };
}

/** What keeps a secret from being removed: its users by name. */
export function usersOf({ versions }: SecretView): readonly string[] {
  return [...new Set(versions.flatMap(({ usedBy }) => usedBy.map(({ deployment }) => deployment)))].sort();
}
