// Signing in and staying signed in: passwords, second factors, rotating refresh tokens, and the check of every request.
import type { Role } from '../../../core/contracts/access.ts';
import { isFull } from '../audit/unavailable.ts';
import type { Identity } from '../identity.ts';
import { needsSecondFactor } from '../people/policy.ts';
import type { PeopleStore, PersonRow } from '../people/store.ts';
import { UserError } from '../user-error.ts';
import type { AccessClaims } from './access-token.ts';
import type { Gate } from './gate.ts';
import type { SessionRow, SessionStore } from './store.ts';
import { Throttle } from './throttle.ts';
import { type HmacSha1, matchTotp } from './totp.ts';

const idleSeconds = 86_400;
export const absoluteSeconds = 7 * 86_400;
/** How long a shown password counts as fresh (R2). */
const freshSeconds = 600;

export interface SessionPorts {
  people: PeopleStore;
  sessions: SessionStore;
  access: {
    mint(claims: AccessClaims, now: number): Promise<string>;
    read(token: string, now: number): Promise<AccessClaims | undefined>;
  };
  gate: Gate;
  checkPassword(password: string, hash: string): Promise<{ right: boolean; outdated: boolean }>;
  hashPassword(password: string): Promise<string>;
  /** A hash of nobody's password: checking it takes as long as checking a real one. */
  decoyHash: string;
  hmac: HmacSha1;
  randomId(): string;
  randomSecret(): string;
  secretHash(secret: string): Uint8Array;
  unixSeconds(): number;
  monotonicSeconds(): number;
  requiredSecondFactor(): readonly Role[];
  /** Told when sessions of a person ended or rights changed, so that open sockets are cut at once. */
  onChange(person: string): void;
}

export interface Origin {
  source: string;
  agent: string;
}

export interface Credentials {
  name: string;
  password: string;
  code?: string | undefined;
}

export interface SignedIn {
  identity: Identity;
  access: string;
  refresh: string;
}

/** Kinds of refusals that say that a guess was wrong. */
const guesses: readonly string[] = ['wrong-credentials', 'wrong-password'];

function wrong(): UserError {
  const text = 'The name, the password or the code is wrong. Check all three and try again.';
  return new UserError(401, 'wrong-credentials', text);
}

export class SessionService {
  private readonly ports: SessionPorts;
  private readonly perAccount = new Throttle({ freeFailures: 5, waitSecondsMax: 300 });
  private readonly perSource = new Throttle({ freeFailures: 20, waitSecondsMax: 900 });
  /** Account and source that signed in together before: strangers' failures do not make this source wait. */
  private readonly familiar = new Set<string>();

  constructor(ports: SessionPorts) {
    this.ports = ports;
  }

  /** Who these credentials prove. Unknown name, wrong password and disabled person are one answer in one time. */
  async prove(credentials: Credentials, source: string): Promise<PersonRow> {
    const account = credentials.name.toLowerCase();
    const person = await this.tried(account, source, () => this.check(credentials));
    this.perAccount.succeed(account);
    this.perSource.succeed(source);
    this.remember(`${account} ${source}`);
    return person;
  }

  /** A session for a person who has just proven who they are. */
  async begin(person: PersonRow, { source, agent }: Origin): Promise<SignedIn> {
    const now = this.ports.unixSeconds();
    const [id, csrf] = [this.ports.randomId() + this.ports.randomId(), this.ports.randomSecret()];
    const times = { created: now, confirmed: now, used: now };
    const session = { id, person: person.id, version: person.version, csrf, source, agent, ...times, ended: 0 };
    this.ports.sessions.add(session);
    return this.issue(person, session);
  }

  /** New tokens for a refresh token; one that was used before ends the session, because somebody else has it. */
  async refresh(token: string): Promise<SignedIn> {
    try {
      return await this.rotate(token);
    } catch (error) {
      if (!isFull(error)) throw error;
      return this.prolong(token, error);
    }
  }

  /** While the disk is full nothing can be marked as spent: who is signed in goes on reading with the token they have. */
  private async prolong(token: string, cause: unknown): Promise<SignedIn> {
    const id = this.ports.sessions.peekRefresh(this.ports.secretHash(token));
    const session = id === undefined ? undefined : this.ports.sessions.byId(id);
    const person = session && this.ports.people.byId(session.person);
    if (!person || !session || !this.isLive(session, person)) throw cause;
    const claims = { person: person.id, session: session.id, version: person.version };
    const access = await this.ports.access.mint(claims, this.ports.unixSeconds());
    return { identity: this.identityOf(person, session), access, refresh: token };
  }

  private async rotate(token: string): Promise<SignedIn> {
    const spent = this.ports.sessions.spendRefresh(this.ports.secretHash(token));
    const session = spent && this.ports.sessions.byId(spent.session);
    const person = session && this.ports.people.byId(session.person);
    if (spent?.again && session) this.end(session);
    if (spent === undefined || spent.again || !person || !session || !this.isLive(session, person)) {
      throw new UserError(401, 'signed-out', 'The session has ended. Sign in again.');
    }
    this.ports.sessions.touch(session.id, this.ports.unixSeconds());
    return this.issue(person, session);
  }

  /** Who holds this access token, checked against the session and the person as they are now. */
  async identify(token: string): Promise<Identity | undefined> {
    const claims = await this.ports.access.read(token, this.ports.unixSeconds());
    if (claims === undefined) return undefined;
    const session = this.ports.sessions.byId(claims.session);
    const person = this.ports.people.byId(claims.person);
    if (!session || !person || session.person !== person.id || claims.version !== person.version) return undefined;
    return this.isLive(session, person) ? this.identityOf(person, session) : undefined;
  }

  /** Shows the password (and code) once more, for what needs it fresh. */
  async confirm(identity: Identity, password: string, code: string | undefined, source: string): Promise<void> {
    await this.tried(identity.name.toLowerCase(), source, async () => {
      const person = this.ports.people.byId(identity.person)!;
      if (!(await this.passwordFits(password, person)) || !this.secondFactorFits(person, code)) throw wrong();
    });
    this.ports.sessions.confirm(identity.use.id, this.ports.unixSeconds());
  }

  /** The own password, asked for where it is about to be replaced; guessing it waits as it does at the door. */
  async confirmPassword(identity: Identity, password: string, source: string): Promise<void> {
    await this.tried(identity.name.toLowerCase(), source, async () => {
      if (await this.passwordFits(password, this.ports.people.byId(identity.person))) return;
      throw new UserError(422, 'wrong-password', 'The present password is wrong; nothing was changed.');
    });
  }

  isFresh(identity: Identity): boolean {
    return identity.use.kind === 'session' && this.ports.unixSeconds() - identity.use.confirmed <= freshSeconds;
  }

  list(person: string): SessionRow[] {
    return this.ports.sessions.ofPerson(person, this.ports.unixSeconds() - idleSeconds);
  }

  /** Ends one session of a person; nobody else's can be named. */
  endOne(person: string, id: string): void {
    const session = this.ports.sessions.byId(id);
    if (session === undefined || session.person !== person)
      throw new UserError(404, 'not-found', 'There is no such session; list them again.');
    this.end(session);
  }

  endAll(person: string): number {
    const ended = this.ports.sessions.endAllOf(person);
    this.ports.onChange(person);
    return ended;
  }

  /** After a change that ended all sessions: the one that made it goes on with new tokens, and its old ones count as used. */
  async carryOver(person: string, session: string): Promise<SignedIn> {
    const row = this.ports.people.byId(person)!;
    this.ports.sessions.carryOver(session, row.version, this.ports.randomSecret());
    this.ports.onChange(person);
    return this.issue(row, this.ports.sessions.byId(session)!);
  }

  private async check({ name, password, code }: Credentials): Promise<PersonRow> {
    const person = this.ports.people.byName(name);
    const passwordRight = await this.passwordFits(password, person);
    if (person === undefined || !passwordRight || person.disabled) throw wrong();
    if (this.secondFactorFits(person, code)) return person;
    if (code !== undefined) throw wrong();
    throw new UserError(401, 'second-factor', 'Enter the code that your authenticator app shows now.');
  }

  private async passwordFits(password: string, person: PersonRow | undefined): Promise<boolean> {
    const { gate, checkPassword, hashPassword, decoyHash, people } = this.ports;
    const { right, outdated } = await gate.run(() => checkPassword(password, person?.password ?? decoyHash));
    if (person === undefined || !right) return false;
    if (outdated) people.rehash(person.id, await gate.run(() => hashPassword(password)));
    return true;
  }

  private secondFactorFits(person: PersonRow, code: string | undefined): boolean {
    if (person.totp === null) return true;
    if (code === undefined) return false;
    const step = matchTotp(this.ports.hmac, person.totp, code, this.ports.unixSeconds(), person.totp_step);
    if (step !== undefined) this.ports.people.spendTotp(person.id, step);
    return step !== undefined;
  }

  /** Refuses whoever has to wait, before anything is looked at. */
  private refuseTooMany(account: string, source: string): void {
    const now = this.ports.monotonicSeconds();
    const known = this.familiar.has(`${account} ${source}`);
    const wait = Math.max(
      this.perSource.waitSeconds(source, now),
      known ? 0 : this.perAccount.waitSeconds(account, now),
    );
    if (wait === 0) return;
    const seconds = Math.ceil(wait);
    throw new UserError(429, 'too-many-tries', `Too many failed tries. Try again in ${seconds} s.`, seconds);
  }

  /** Counts a try as failed before it is looked at: of guesses sent at once, no more are tried than one after the other. */
  private async tried<T>(account: string, source: string, attempt: () => Promise<T>): Promise<T> {
    this.refuseTooMany(account, source);
    const now = this.ports.monotonicSeconds();
    this.perAccount.fail(account, now);
    this.perSource.fail(source, now);
    try {
      const proven = await attempt();
      this.giveBack(account, source);
      return proven;
    } catch (error) {
      if (!(error instanceof UserError && guesses.includes(error.kind))) this.giveBack(account, source);
      throw error;
    }
  }

  private giveBack(account: string, source: string): void {
    const now = this.ports.monotonicSeconds();
    this.perAccount.giveBack(account, now);
    this.perSource.giveBack(source, now);
  }

  private remember(pair: string): void {
    this.familiar.add(pair);
    if (this.familiar.size > 5_000) this.familiar.delete(this.familiar.values().next().value!);
  }

  private async issue(person: PersonRow, session: SessionRow): Promise<SignedIn> {
    const refresh = this.ports.randomSecret();
    this.ports.sessions.addRefresh(this.ports.secretHash(refresh), session.id, this.ports.unixSeconds());
    const claims = { person: person.id, session: session.id, version: person.version };
    const access = await this.ports.access.mint(claims, this.ports.unixSeconds());
    return { identity: this.identityOf(person, session), access, refresh };
  }

  private identityOf(person: PersonRow, session: SessionRow): Identity {
    const grants = this.ports.people.grantsOf(person.id);
    const { id, csrf, confirmed } = session;
    return {
      person: person.id,
      name: person.name,
      grants,
      use: { kind: 'session', id, csrf, confirmed },
      hasSecondFactor: person.totp !== null,
      lacksSecondFactor: person.totp === null && needsSecondFactor(grants, this.ports.requiredSecondFactor()),
    };
  }

  private isLive(session: SessionRow, person: PersonRow): boolean {
    const now = this.ports.unixSeconds();
    const inTime = now - session.used <= idleSeconds && now - session.created <= absoluteSeconds;
    return !session.ended && !person.disabled && session.version === person.version && inTime;
  }

  private end(session: SessionRow): void {
    this.ports.sessions.end(session.id);
    this.ports.onChange(session.person);
  }
}
