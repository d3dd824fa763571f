// Something new, or a new revision of what is there: from a form or a compose file, shown as a difference before it is done, then followed.
import type { z } from 'zod';
import type { RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import type { Accepted, composePreview, DeploymentDetail } from '../../../core/contracts/deployments.ts';
import { changeOf, emptyFields, type Fields, fieldsOf, readFields } from '../values/deployment-form.ts';
import { plannedSteps } from '../values/run-steps.ts';
import { changedNames, describeSpec } from '../values/spec-words.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app.svelte.ts';
import { EngineGate } from './engine.svelte.ts';
import type { Stop } from './ports.ts';
import { Query } from './query.svelte.ts';
import { Run } from './run.svelte.ts';

type ComposePreview = z.infer<typeof composePreview>;
type Ground = Pick<
  App,
  'api' | 'queries' | 'router' | 'attempt' | 'danger' | 'drafts' | 'ports' | 'session' | 'toasts'
> & { readonly now: number };
interface Typed {
  fields: Fields;
  text: string;
}
interface Base {
  detail: DeploymentDetail;
  /** The revision that the update begins from. */
  revision: string;
  spec: RevisionSpec;
}

/** How long typing rests before a compose file is looked at. */
const restSeconds = 0.6;
/** A compose file with more of them is deployed whole; the rest is followed on the pages of its deployments. */
const runsMax = 5;

export class DeploymentForm {
  private readonly app: Ground;
  readonly environment: string;
  readonly engine: EngineGate;
  /** Of an update: what is there now. */
  readonly base: Query<Base> | undefined;
  /** One key for each intention, so that a second try makes nothing twice. */
  private key: string;
  private sent = '';
  private stopRest: Stop = () => {};
  private filled = false;
  fields = $state<Fields>({ ...emptyFields });
  text = $state('');
  preview = $state.raw<ComposePreview>();
  error = $state.raw<ApiError>();
  busy = $state(false);
  /** Problems are told once somebody has tried. */
  tried = $state(false);

  /** With the name of a deployment it is an update of that one. */
  constructor(app: Ground, environment: string, name?: string) {
    this.app = app;
    this.environment = environment;
    this.engine = new EngineGate(app);
    this.key = app.ports.randomKey();
    if (name !== undefined)
      // Its own, and not what an earlier visit left: before it is read nothing can be typed that it would overwrite.
      this.base = new Query((signal) => this.readBase(name, signal), app.ports);
  }

  get root(): string {
    return `/environments/${this.environment}`;
  }

  /** A compose file makes new deployments only. */
  get way(): 'form' | 'compose' {
    return this.base === undefined && this.app.router.query['from'] === 'compose' ? 'compose' : 'form';
  }

  /** What it begins from is read once: a form does not change under the hands. */
  open(): Stop {
    const { path } = this.app.router;
    const person = this.app.session.view?.person.id;
    this.resume(person === undefined ? undefined : this.app.drafts.take<Typed>(person, path));
    void this.engine.query.refresh();
    void this.base?.refresh().then(() => this.fill());
    return () => {
      this.stopRest();
      // Still here: it was not the person who left.
      if (person === undefined || this.app.router.path !== path) return;
      this.app.drafts.keep({ person, path, content: { fields: { ...this.fields }, text: this.text } satisfies Typed });
    };
  }

  private resume(typed: Typed | undefined): void {
    if (typed === undefined) return;
    this.fields = { ...typed.fields };
    this.filled = true;
    this.write(typed.text);
  }

  private readonly spec = $derived.by(() => readFields(this.fields, this.base?.data?.spec));
  readonly problems = $derived.by(() => (this.tried ? this.spec.problems : {}));
  readonly change = $derived.by(() => {
    const base = this.base?.data?.spec;
    return base === undefined ? undefined : changeOf(this.spec.spec, base);
  });

  /** Before and after as texts; of something new there is no before. */
  readonly diffs = $derived.by(() => {
    const base = this.base?.data;
    if (this.way === 'compose')
      return (this.preview?.deployments ?? []).map((one) => ({
        title: one.name,
        before: '',
        after: describeSpec(one),
      }));
    const { spec } = this.spec;
    if (base === undefined) return [{ title: spec.name || 'the deployment', before: '', after: describeSpec(spec) }];
    const after = withoutNulls({ ...base.spec, ...this.change });
    const changed = changedNames(base.spec.env, spec.env ?? {});
    return [{ title: base.detail.name, before: describeSpec(base.spec), after: describeSpec(after, changed) }];
  });

  readonly planned = plannedSteps('deploy');
  readonly ready = $derived.by(() => {
    if (this.busy || this.engine.blocked) return false;
    if (this.way === 'compose') return this.preview !== undefined && this.preview.deployments.length > 0;
    if (this.base !== undefined) return this.change !== undefined && Object.keys(this.change).length > 0;
    return this.fields.image.trim() !== '' && this.fields.name.trim() !== '';
  });

  /** The sentence for a field: what the form knows itself, else what the server said. */
  errorOf(field: keyof Fields): string | undefined {
    const names: Partial<Record<keyof Fields, string>> = {
      ...{ memoryMegabytes: 'limits', cpus: 'limits', check: 'healthCheck', deadlineSeconds: 'rollout' },
    };
    return this.problems[field] ?? this.error?.fieldError(names[field] ?? field);
  }

  write(text: string): void {
    this.text = text;
    this.preview = undefined;
    this.error = undefined;
    this.stopRest();
    if (text.trim() !== '') this.stopRest = this.app.ports.after(restSeconds, () => void this.look());
  }

  async look(): Promise<void> {
    const { text } = this;
    try {
      const preview = await this.app.api.post<ComposePreview>(`${this.root}/compose/preview`, { text });
      if (this.text === text) this.preview = preview;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.text === text) this.error = error;
    }
  }

  async submit(): Promise<void> {
    this.tried = true;
    if (!this.ready || (this.way === 'form' && Object.keys(this.spec.problems).length > 0)) return;
    this.busy = true;
    this.error = undefined;
    const { place } = this.app.router;
    const isHere = () => this.app.router.place === place;
    try {
      const accepted = await this.send();
      const run = accepted.map(({ operation }) => operation).join(',');
      if (isHere()) this.app.router.setQuery({ run }, { push: true });
      else this.app.toasts.done(`${accepted.map(({ deployment }) => deployment).join(', ')}: the operation has begun.`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
      if (!isHere()) this.app.toasts.failed(`Nothing was deployed. ${error.message}`, error.requestId);
    } finally {
      this.busy = false;
    }
  }

  private readonly asked = $derived.by(() => this.app.router.query['run'] ?? '');
  /** The operations that the address names, to be followed. */
  readonly runs = $derived.by(() =>
    this.asked
      .split(',')
      .filter((id) => /^[0-9a-f]{16}$/.test(id))
      .slice(0, runsMax)
      .map((id) => new Run(this.app, this.environment, id)),
  );

  /** Back to what was written, to change it and try again. */
  again(): void {
    this.key = this.app.ports.randomKey();
    this.app.router.setQuery({ run: undefined });
  }

  /** To what served before; the way back is followed on the page of the deployment. */
  async rollBack(deployment: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { place } = this.app.router;
    await this.app.attempt('The way back has begun.', async () => {
      const { operation } = await this.app.api.post<Accepted>(`${this.root}/deployments/${deployment}/rollback`, {});
      if (this.app.router.place === place) this.app.router.go(`/deployments/${deployment}?run=${operation}`);
    });
    this.busy = false;
  }

  /** Where two revisions lie beside each other: what served when the form was opened, and what came of it. */
  compareHref(deployment: string, revision: string): string | undefined {
    const before = this.base?.data?.revision;
    if (before === undefined || before === revision) return undefined;
    return `/deployments/${deployment}?tab=revisions&a=${before}&b=${revision}`;
  }

  private send(): Promise<readonly Accepted[]> {
    const { api } = this.app;
    const [path, body] = this.call();
    const content = JSON.stringify(body);
    if (this.sent !== '' && this.sent !== content) this.key = this.app.ports.randomKey();
    this.sent = content;
    const options = { key: this.key };
    if (this.way === 'compose') return api.post<{ items: Accepted[] }>(path, body, options).then(({ items }) => items);
    return api.post<Accepted>(path, body, options).then((one) => [one]);
  }

  private call(): [path: string, body: unknown] {
    if (this.way === 'compose') return [`${this.root}/compose`, { text: this.text }];
    const base = this.base?.data;
    if (base === undefined) return [`${this.root}/deployments`, this.spec.spec];
    return [`${this.root}/deployments/${base.detail.name}/revisions`, this.change];
  }

  private async readBase(name: string, signal: AbortSignal): Promise<Base> {
    const path = `${this.root}/deployments/${name}`;
    const detail = await this.app.api.get<DeploymentDetail>(path, {}, signal);
    const revision = detail.stable ?? detail.newest;
    return {
      detail,
      revision,
      spec: await this.app.api.get<RevisionSpec>(`${path}/revisions/${revision}/spec`, {}, signal),
    };
  }

  private fill(): void {
    const base = this.base?.data;
    if (base === undefined || this.filled) return;
    this.filled = true;
    const { name, hosts, replicas } = base.detail;
    this.fields = fieldsOf(base.spec, { name, hosts, replicas: replicas.wanted });
  }
}

function withoutNulls(spec: object): object {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null));
}
