// What people do with secrets: make, rotate, share and remove; and what a deployment is given of them.
import { engineSecretName, type SecretValue, type SecretView } from '../../../core/contracts/secrets.ts';
import type { SecretReference } from '../engine/objects.ts';
import { told } from '../observed/told.ts';
import { UserError } from '../user-error.ts';
import type { SecretActor, StoredSecret } from './port.ts';
import { type RotationPorts, rotate } from './rotation.ts';
import type { SecretRow } from './table.ts';
import { type SecretUse, usesOf } from './usage.ts';

export interface SecretPorts extends RotationPorts {
  environments: { byId(id: string): { archived: boolean } };
  /** `base64` of a value's UTF-8. */
  toBase64(text: string): string;
}

/** As a revision names it. */
interface Wanted {
  name: string;
  file?: string | undefined;
  uid: number;
  gid: number;
  mode: number;
}

type References = { kind: 'references'; references: SecretReference[] } | { kind: 'refused'; reason: string };

const secretsMax = 500;

export class SecretService {
  readonly #ports: SecretPorts;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  constructor(ports: SecretPorts) {
    this.#ports = ports;
  }

  async list(environment: string): Promise<SecretView[]> {
    this.#ports.environments.byId(environment);
    const rows = this.#ports.table.list(environment);
    const facts = await this.#facts(environment);
    return rows.map((row) => this.#view(row, facts));
  }

  async get(environment: string, name: string): Promise<SecretView> {
    const row = this.#row(environment, name);
    return this.#view(row, await this.#facts(environment));
  }

  async create(
    environment: string,
    name: string,
    value: SecretValue,
    deployments: readonly string[],
  ): Promise<SecretView> {
    const { table, store, unixSeconds, environments } = this.#ports;
    if (environments.byId(environment).archived)
      throw new UserError(409, 'archived', 'This environment is archived and takes nothing new.');
    if (table.get(environment, name) !== undefined)
      throw new UserError(409, 'name-taken', `There is a secret ${name} already; rotate it, or choose another name.`);
    if (table.list(environment).length >= secretsMax)
      throw new UserError(409, 'too-many', `There are ${secretsMax} secrets already; remove one that nobody uses.`);
    // What a crash has left of an earlier try has no row, so nothing can have mounted it.
    for (const left of await this.#stored(environment)) if (left.name === name) told(await store.remove(left));
    told(await store.put({ environment, name, version: 1, base64: this.#base64(value) }));
    table.add({ environment, name, current: 1, created: unixSeconds() }, deployments);
    return this.get(environment, name);
  }

  /** Puts the new version away and begins to move its users; resolves once it goes on by itself. */
  async rotate(actor: SecretActor, environment: string, name: string, value: SecretValue): Promise<SecretView> {
    const { table, store, unixSeconds } = this.#ports;
    const row = this.#row(environment, name);
    const stored = await this.#stored(environment);
    // Looked at after that answer: of two who ask at once the second one is refused.
    const last = table.rotation(environment, name);
    if (last !== undefined && last.ended === null)
      throw new UserError(
        409,
        'rotating',
        `${name} is being rotated to version ${last.to}; wait until that has ended.`,
      );
    const versions = stored.filter((one) => one.name === name).map(({ version }) => version);
    const to = Math.max(row.current, last?.to ?? 0, ...versions) + 1;
    const times = { started: unixSeconds(), ended: null };
    const rotation = {
      environment,
      name,
      from: row.current,
      to,
      phase: 'creating' as const,
      ...times,
      moved: [],
      reason: null,
      actor,
    };
    table.saveRotation(rotation);
    const put = await store.put({ environment, name, version: to, base64: this.#base64(value) });
    if (!put.ok) {
      table.saveRotation({ ...rotation, phase: 'failed', ended: unixSeconds(), reason: put.failure.message });
      told(put);
    }
    this.#start(rotation);
    return this.get(environment, name);
  }

  async setDeployments(environment: string, name: string, deployments: readonly string[]): Promise<SecretView> {
    const view = await this.get(environment, name);
    const using = new Set(view.versions.flatMap(({ usedBy }) => usedBy.map(({ deployment }) => deployment)));
    const lost = [...using].filter((deployment) => !deployments.includes(deployment));
    if (lost.length > 0)
      throw new UserError(409, 'in-use', `${lost.join(', ')} still mounts ${name}; take it out of there first.`);
    this.#ports.table.setDeployments(environment, name, deployments);
    return this.get(environment, name);
  }

  async remove(environment: string, name: string): Promise<void> {
    const { versions, rotation } = await this.get(environment, name);
    const using = [...new Set(versions.flatMap(({ usedBy }) => usedBy.map(({ deployment }) => deployment)))];
    if (using.length > 0)
      throw new UserError(409, 'in-use', `${using.join(', ')} mounts ${name}; take it out of there first.`);
    if (rotation !== null && rotation.ended === null)
      throw new UserError(409, 'rotating', `${name} is being rotated; wait until that has ended.`);
    for (const one of await this.#stored(environment)) {
      if (one.name === name) told(await this.#ports.store.remove(one));
    }
    if ((await this.#stored(environment)).some((one) => one.name === name))
      throw new UserError(502, 'not-reached', `The store still has a version of ${name}; try again.`);
    this.#ports.table.remove(environment, name);
  }

  /** What a deployment mounts at this moment: the current versions of those that it may have. */
  async references(environment: string, deployment: string, wanted: readonly Wanted[]): Promise<References> {
    if (wanted.length === 0) return { kind: 'references', references: [] };
    const { table, store } = this.#ports;
    const stored = await store.list(environment);
    if (!stored.ok) return { kind: 'refused', reason: `Secrets cannot be looked up: ${stored.failure.message}` };
    const references: SecretReference[] = [];
    for (const { name, file, uid, gid, mode } of wanted) {
      const row = table.get(environment, name);
      if (row === undefined)
        return { kind: 'refused', reason: `There is no secret ${name} in this environment; make it first.` };
      if (!table.deploymentsOf(environment, name).includes(deployment))
        return { kind: 'refused', reason: `The secret ${name} is not shared with ${deployment}; add it there first.` };
      const version = stored.value.find((one) => one.name === name && one.version === row.current);
      if (version === undefined)
        return { kind: 'refused', reason: `The store has lost version ${row.current} of ${name}; rotate it.` };
      const File = { Name: file ?? name, UID: String(uid), GID: String(gid), Mode: mode };
      references.push({ SecretID: version.id, SecretName: version.storedAs, File });
    }
    return { kind: 'references', references };
  }

  /** Goes on with rotations that a stop has interrupted; one whose value never reached the store is told as failed. */
  async resume(): Promise<void> {
    const { table, store, unixSeconds } = this.#ports;
    for (const rotation of table.unfinished()) {
      if (this.#running.has(keyOf(rotation)) || this.#stopping.signal.aborted) continue;
      if (rotation.phase === 'creating') {
        const stored = await store.list(rotation.environment);
        if (!stored.ok) continue; // it is tried again
        if (!stored.value.some(({ name, version }) => name === rotation.name && version === rotation.to)) {
          const reason = 'The control plane was stopped before the value was stored; give it once more.';
          table.saveRotation({ ...rotation, phase: 'failed', ended: unixSeconds(), reason });
          continue;
        }
      }
      this.#start(rotation);
    }
  }

  /** Lets go of what goes on; it goes on with the next start. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.values());
  }

  #start(rotation: Parameters<typeof rotate>[1]): void {
    const key = keyOf(rotation);
    const run = rotate(this.#ports, rotation, this.#stopping.signal).finally(() => this.#running.delete(key));
    this.#running.set(key, run);
  }

  #row(environment: string, name: string): SecretRow {
    this.#ports.environments.byId(environment);
    const row = this.#ports.table.get(environment, name);
    if (row === undefined) throw new UserError(404, 'not-found', 'There is no such secret here; list them again.');
    return row;
  }

  #base64({ text, base64 }: SecretValue): string {
    return base64 ?? this.#ports.toBase64(text!);
  }

  async #stored(environment: string): Promise<StoredSecret[]> {
    return told(await this.#ports.store.list(environment));
  }

  async #facts(environment: string): Promise<{ stored: StoredSecret[]; uses: SecretUse[] }> {
    const services = told(await this.#ports.engine.services.list({ label: [`odyssey_environment=${environment}`] }));
    return { stored: await this.#stored(environment), uses: usesOf(services) };
  }

  #view(
    { environment, name, current, created }: SecretRow,
    facts: { stored: StoredSecret[]; uses: SecretUse[] },
  ): SecretView {
    const versions = facts.stored
      .filter((one) => one.name === name)
      .toSorted((a, b) => b.version - a.version)
      .map((one) => ({
        ...{ version: one.version, created: one.created },
        state:
          one.version === current ? ('current' as const) : one.version > current ? ('next' as const) : ('old' as const),
        usedBy: facts.uses
          .filter((use) => engineSecretName(use.environment, use.name, use.version) === one.storedAs)
          .map(({ deployment, revision }) => ({ deployment, revision })),
      }));
    const last = this.#ports.table.rotation(environment, name);
    const { from, to, phase, started, ended, moved, reason } = last ?? {};
    const rotation = last === undefined ? null : { from, to, phase, started, ended, moved, reason };
    const deployments = this.#ports.table.deploymentsOf(environment, name);
    return { name, created, deployments, versions, rotation: rotation as SecretView['rotation'] };
  }
}

function keyOf({ environment, name }: { environment: string; name: string }): string {
  return `${environment} ${name}`;
}
