// People: the first admin, invitations, grants, passwords, second factors, disabling and erasing.
import { allEnvironments, type Grant, permits } from '../../../core/contracts/access.ts';
import type { Gate } from '../sessions/gate.ts';
import { Throttle } from '../sessions/throttle.ts';
import { type HmacSha1, matchTotp, otpauthUri } from '../sessions/totp.ts';
import { UserError } from '../user-error.ts';
import type { Invitation, InvitationStore, SetupStore } from './invitations.ts';
import { isAdmin, refusePassword } from './policy.ts';
import type { PeopleStore, PersonRow } from './store.ts';

export interface PeoplePorts {
  people: PeopleStore;
  invitations: InvitationStore;
  setup: SetupStore;
  gate: Gate;
  hashPassword(password: string): Promise<string>;
  isCommonPassword(password: string): boolean;
  hmac: HmacSha1;
  randomId(): string;
  randomSecret(): string;
  randomBytes(count: number): Uint8Array;
  secretHash(secret: string): Uint8Array;
  unixSeconds(): number;
  monotonicSeconds(): number;
  environmentExists(id: string): boolean;
  /** Whether it takes new grants: an archived one keeps those it has. */
  environmentAccepts(id: string): boolean;
  /** Told when a person's rights changed, so that open sockets are cut at once. */
  onChange(person: string): void;
  /** Forgets the personal values of the audit log; returns how many there were. */
  eraseAudit(person: string): number;
  /** Overwrites what was deleted in every file; false where a reader holds it up. */
  sweep(): boolean;
  sleep(seconds: number): Promise<void>;
}

const invitationSeconds = 72 * 3_600;
const setupSeconds = 24 * 3_600;
const sweepTriesMax = 20;
const sweepWaitSeconds = 0.1;

function goneInvitation(): UserError {
  const text = 'The invitation was used, withdrawn or has expired. Ask for a new one.';
  return new UserError(403, 'wrong-token', text);
}

export class PeopleService {
  private readonly ports: PeoplePorts;
  private readonly perSource = new Throttle({ freeFailures: 20, waitSecondsMax: 900 });

  constructor(ports: PeoplePorts) {
    this.ports = ports;
  }

  /** A new one-time token for the first admin, or undefined when there is somebody already. Earlier tokens end. */
  offerSetup(): string | undefined {
    if (!this.setupIsOpen()) return undefined;
    const token = this.ports.randomSecret();
    this.ports.setup.replace(this.ports.secretHash(token), this.ports.unixSeconds() + setupSeconds);
    return token;
  }

  setupIsOpen(): boolean {
    return this.ports.people.count() === 0;
  }

  /**
   * Looks at a stranger's token; whoever shows many wrong ones has to wait, whatever they show next.
   * There is no wait for everybody: strangers could shut the door with it, and a token of 256 bits cannot be guessed.
   */
  guessed<T>(source: string, look: () => T): T {
    const now = this.ports.monotonicSeconds();
    const seconds = Math.ceil(this.perSource.waitSeconds(source, now));
    if (seconds > 0)
      throw new UserError(429, 'too-many-tries', `Too many wrong tokens. Try again in ${seconds} s.`, seconds);
    try {
      return look();
    } catch (error) {
      this.perSource.fail(source, now);
      throw error;
    }
  }

  /** Refuses a token that makes nobody; cheap, so that it can stand before every record. */
  refuseWrongSetup(token: string): void {
    if (!this.setupIsOpen()) throw new UserError(409, 'already-set-up', 'Odyssey is set up already. Sign in.');
    if (this.ports.setup.holds(this.ports.secretHash(token), this.ports.unixSeconds())) return;
    const text = 'The set-up token is wrong or older than a day. Restart the server: it prints a new one.';
    throw new UserError(403, 'wrong-token', text);
  }

  /** Makes the first admin. Of racing calls with the right token exactly one wins, and the door is shut behind it. */
  async setUp(token: string, name: string, password: string): Promise<PersonRow> {
    this.refuseWrongSetup(token);
    const passwordHash = await this.newPassword(password, name);
    if (!this.ports.setup.consume(this.ports.secretHash(token)))
      throw new UserError(409, 'already-set-up', 'Odyssey was set up just now.');
    return this.add(name, passwordHash, [{ environment: allEnvironments, role: 'admin' }]);
  }

  /** An invitation that one new person can accept within 72 hours; the token is shown once. */
  invite(inviter: string, grants: readonly Grant[]): { id: string; token: string; expires: number } {
    this.refuseBadGrants(grants, []);
    const [id, token, now] = [this.ports.randomId(), this.ports.randomSecret(), this.ports.unixSeconds()];
    const expires = now + invitationSeconds;
    this.ports.invitations.add({ id, grants, inviter, created: now, expires }, this.ports.secretHash(token));
    return { id, token, expires };
  }

  invitations(): Invitation[] {
    return this.ports.invitations.list(this.ports.unixSeconds());
  }

  withdraw(id: string): void {
    if (!this.ports.invitations.remove(id))
      throw new UserError(404, 'not-found', 'There is no such invitation; it was accepted, withdrawn or has expired.');
  }

  /** The invitation that this token opens; it is worth no more than its inviter may still give. */
  openInvitation(token: string): Invitation {
    const found = this.ports.invitations.byHash(this.ports.secretHash(token), this.ports.unixSeconds());
    const inviter = found && this.ports.people.byId(found.inviter);
    const mayInvite = inviter !== undefined && !inviter.disabled && permits(this.grantsOf(inviter.id), 'person:manage');
    if (found === undefined || !mayInvite) throw goneInvitation();
    return found;
  }

  async accept(token: string, name: string, password: string): Promise<PersonRow> {
    this.openInvitation(token);
    const passwordHash = await this.newPassword(password, name);
    this.refuseTakenName(name);
    const invitation = this.openInvitation(token); // looked at again: hashing took its time
    if (!this.ports.invitations.remove(invitation.id)) throw goneInvitation();
    const present = invitation.grants.filter(({ environment }) => this.accepts(environment));
    return this.add(name, passwordHash, present);
  }

  find(id: string): PersonRow {
    const person = this.ports.people.byId(id);
    if (person === undefined) throw new UserError(404, 'not-found', 'There is no such person; list them again.');
    return person;
  }

  grantsOf(id: string): Grant[] {
    return this.ports.people.grantsOf(id);
  }

  list(after: string, limit: number): PersonRow[] {
    return this.ports.people.list(after, limit);
  }

  setGrants(id: string, grants: readonly Grant[]): void {
    this.find(id);
    this.refuseBadGrants(grants, this.grantsOf(id));
    if (!isAdmin(grants)) this.refuseLastAdmin(id);
    this.ports.people.setGrants(id, grants);
    this.ports.onChange(id);
  }

  setDisabled(id: string, disabled: boolean): void {
    this.find(id);
    if (disabled) this.refuseLastAdmin(id);
    this.ports.people.setDisabled(id, disabled);
    this.ports.onChange(id);
  }

  /**
   * Deletes a person everywhere; the audit log keeps its records and forgets who they were about.
   * `swept` is false where a reader kept the deleted bytes from being overwritten for 2 s: the hourly clearing does it then.
   */
  async erase(id: string): Promise<{ auditValues: number; swept: boolean }> {
    this.find(id);
    this.refuseLastAdmin(id);
    this.ports.people.remove(id);
    this.ports.onChange(id);
    const auditValues = this.ports.eraseAudit(id);
    let swept = this.ports.sweep();
    for (let tries = 1; !swept && tries < sweepTriesMax; tries++) {
      await this.ports.sleep(sweepWaitSeconds);
      swept = this.ports.sweep();
    }
    return { auditValues, swept };
  }

  /** A new password; every session ends. */
  async setPassword(id: string, password: string): Promise<void> {
    const person = this.find(id);
    this.ports.people.setPassword(id, await this.newPassword(password, person.name));
    this.ports.onChange(id);
  }

  /** A key for an authenticator app; it counts once a code of it has been shown. */
  offerSecondFactor(id: string): { uri: string } {
    const person = this.find(id);
    const key = this.ports.randomBytes(20);
    this.ports.people.offerTotp(id, key);
    return { uri: otpauthUri('Odyssey', person.name, key) };
  }

  /** Makes the offered key the second factor; every session ends. */
  acceptSecondFactor(id: string, code: string): void {
    const { totp_pending: key } = this.find(id);
    const step = key === null ? undefined : matchTotp(this.ports.hmac, key, code, this.ports.unixSeconds(), 0);
    if (key === null || step === undefined)
      throw new UserError(
        422,
        'wrong-code',
        'This code does not fit. Check the clock of the phone and try the next one.',
      );
    this.ports.people.setTotp(id, key, step);
    this.ports.onChange(id);
  }

  removeSecondFactor(id: string): void {
    this.find(id);
    this.ports.people.setTotp(id, null, 0);
    this.ports.onChange(id);
  }

  private add(name: string, password: string, grants: readonly Grant[]): PersonRow {
    const id = this.ports.randomId();
    this.ports.people.add({ id, name, password, created: this.ports.unixSeconds() }, grants);
    return this.find(id);
  }

  private async newPassword(password: string, name: string): Promise<string> {
    const refusal = refusePassword(password, name, this.ports.isCommonPassword);
    if (refusal !== undefined) throw new UserError(422, 'weak-password', refusal);
    return this.ports.gate.run(() => this.ports.hashPassword(password));
  }

  private refuseTakenName(name: string): void {
    if (this.ports.people.byName(name) !== undefined)
      throw new UserError(409, 'name-taken', 'This name is taken; choose another one.');
  }

  private refuseBadGrants(grants: readonly Grant[], held: readonly Grant[]): void {
    const seen = new Set<string>();
    for (const { environment, role } of grants) {
      const kept = held.some((one) => one.environment === environment && one.role === role);
      if (!kept && this.reaches(environment) && !this.accepts(environment))
        throw new UserError(422, 'archived', 'One of the environments is archived; take it back before you grant it.');
      if (!this.reaches(environment))
        throw new UserError(422, 'no-such-environment', 'One of the environments does not exist; list them again.');
      if (seen.has(environment))
        throw new UserError(422, 'two-roles', 'Give one role for each environment; one of them stands there twice.');
      seen.add(environment);
    }
  }

  private reaches(environment: string): boolean {
    return environment === allEnvironments || this.ports.environmentExists(environment);
  }

  private accepts(environment: string): boolean {
    return environment === allEnvironments || this.ports.environmentAccepts(environment);
  }

  private refuseLastAdmin(id: string): void {
    const admins = this.ports.people.admins();
    if (admins.length === 1 && admins[0] === id)
      throw new UserError(409, 'last-admin', 'This is the last admin. Make somebody else admin first.');
  }
}
