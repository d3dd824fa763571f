// Everything the console knows beyond one page, put together once; parts and pages get it from the context.
import { Api } from './api.ts';
import { ApiError, isRefusal } from './api-error.ts';
import { Drafts } from './drafts.ts';
import { Environments } from './environments.svelte.ts';
import { Live } from './live.svelte.ts';
import type { Ports, Stop } from './ports.ts';
import { Queries, type Query } from './query.svelte.ts';
import { Question } from './question.svelte.ts';
import { Router } from './router.svelte.ts';
import { inServerTime } from './server-time.ts';
import { Session } from './session.svelte.ts';
import { Taste } from './taste.svelte.ts';
import { TimeRange } from './time-range.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

/** What a person can do from the palette on the page that is open. */
export interface Action {
  title: string;
  /** A word or two on what it is about. */
  hint?: string;
  act(): void;
}

/** Something with a page of its own. */
export interface Entity {
  title: string;
  hint: string;
  href: string;
}

/** What is asked before something that nothing brings back. */
export interface Danger {
  title: string;
  /** What is lost, in a sentence. */
  lost: string;
  /** To be typed; without it a click is enough. */
  type?: string;
  button: string;
}

const entitiesMax = 1_000;
/** Until a server that could not say who this is, is asked again. */
const retrySeconds = 3;
/** Environments are seldom made; one that somebody else made or archived is still seen without loading the page again. */
const environmentsSeconds = 60;
/** Remembers that somebody was in when the console was last open: nothing of who it was. */
const enteredAs = 'odyssey-entered';

export class App {
  readonly ports: Ports;
  readonly api: Api;
  readonly session: Session;
  readonly router: Router;
  readonly time: TimeRange;
  readonly taste: Taste;
  readonly live: Live;
  readonly toasts: Toasts;
  readonly queries: Queries;
  readonly environments: Environments;
  readonly drafts = new Drafts();
  /** The password once more, before what needs it fresh. */
  readonly password = new Question();
  readonly danger = new Question<Danger>();
  paletteOpen = $state(false);
  keysOpen = $state(false);
  /** Ticks once a second, so that ages grow. */
  now = $state(0);
  private stopEntered: Stop = () => {};
  private actions = $state.raw<readonly Action[]>([]);
  /** What can be gone to by name, from whoever has seen it: containers, machines, deployments. */
  private known = $state.raw<Readonly<Record<string, readonly Entity[]>>>({});
  /** The same, to be read by whoever adds to it: an effect that read `known` and set it would run round and round. */
  private held: Readonly<Record<string, readonly Entity[]>> = {};

  constructor(browser: Ports) {
    const ports = inServerTime(browser);
    this.ports = ports;
    this.api = new Api(ports);
    this.session = new Session(this.api);
    this.router = new Router(ports.address);
    this.time = new TimeRange(this.router, ports);
    this.taste = new Taste(ports.storage);
    this.live = new Live(ports);
    this.toasts = new Toasts(ports);
    this.queries = new Queries(ports);
    this.environments = new Environments(this.api, this.queries, this.router, ports.storage);
    this.now = ports.unixSeconds();
    this.api.hooks = {
      onSignedOut: () => this.leave(),
      onChanged: (somebodyElse) => {
        if (somebodyElse) this.leave();
        void this.session.begin();
      },
      onConfirm: async () => (await this.password.ask()) === true,
    };
    this.live.onSignedOut = async () => {
      const renewed = await this.api.refresh();
      if (!renewed) this.leave();
      return renewed && this.session.standing === 'signed-in';
    };
    this.live.onBack = () => {
      void this.environments.query.refresh();
      this.queries.retry();
    };
  }

  get pageActions(): readonly Action[] {
    return this.actions;
  }

  get entities(): readonly Entity[] {
    return Object.values(this.known).flat();
  }

  /** Lets the palette find these; the newest word of a kind counts. Pages say it in effects, which must not run again for it. */
  know(kind: string, entities: readonly Entity[]): void {
    this.held = { ...this.held, [kind]: entities.slice(0, entitiesMax) };
    this.known = this.held;
  }

  /** Begins what goes on for as long as the console is open. */
  begin(): Stop {
    const stops = [
      this.router.listen(),
      this.ports.every(1, () => {
        this.now = this.ports.unixSeconds();
      }),
      this.ports.every(retrySeconds, () => this.retry()),
    ];
    void this.session.begin();
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** What everything else stands on is asked again by itself where it did not come. */
  private retry(): void {
    const { standing, error } = this.session;
    if (standing === 'unknown' && error !== undefined) void this.session.begin();
    const { query } = this.environments;
    if (standing !== 'signed-in' || query.error === undefined || isRefusal(query.error) || query.loading) return;
    void query.refresh();
  }

  /** Whether somebody was in when this browser last had the console open: then the shell is worth loading before the server said so. */
  get wasEntered(): boolean {
    return this.ports.storage.read(enteredAs) !== undefined;
  }

  /** Once somebody is in. */
  enter(): void {
    this.drafts.keepOnly(this.session.view?.person.id ?? '');
    this.ports.storage.write(enteredAs, 'yes');
    this.stopEntered();
    this.stopEntered = this.environments.query.follow(environmentsSeconds);
    void this.live.open();
  }

  /** Ends the session; resolves to whether the server took note. */
  signOut(): Promise<boolean> {
    return this.attempt('Signed out.', async () => {
      await this.session.signOut();
      this.leave();
    });
  }

  /** Nothing of one person is left for the next: no data, and no question that the next would answer in their place. */
  leave(): void {
    this.ports.storage.write(enteredAs, undefined);
    this.stopEntered();
    this.live.close();
    this.password.answer(undefined);
    this.danger.answer(undefined);
    this.toasts.forget();
    [this.paletteOpen, this.keysOpen] = [false, false];
    this.queries.forget();
    this.environments.query.forget();
    this.held = {};
    this.known = this.held;
    this.session.leave();
  }

  /** A query by name; see `Queries`. */
  query<T>(name: string, read: (signal: AbortSignal) => Promise<T>): Query<T> {
    return this.queries.get(name, read);
  }

  /** Offers actions in the palette for as long as a page is open. */
  offer(actions: readonly Action[]): Stop {
    this.actions = actions;
    return () => {
      if (this.actions === actions) this.actions = [];
    };
  }

  /** Runs a change that a person asked for and says how it went; resolves to whether it worked. */
  async attempt(done: string, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      this.toasts.done(done);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === 'confirm-first') return false; // the person turned away from the question
      const { title, message, requestId } = error;
      this.toasts.failed(`${title}. ${message}`, requestId);
      return false;
    }
  }
}
