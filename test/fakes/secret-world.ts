// Secrets' surroundings in memory: a store, services that mount versions, deployments that move when they are asked to, and time that passes.

import { engineSecretName } from '../../core/contracts/secrets.ts';
import type { Db } from '../../web/server/db.ts';
import type { Service, Task } from '../../web/server/engine/objects.ts';
import type { SecretStore, StoredSecret } from '../../web/server/secrets/port.ts';
import type { SecretPorts } from '../../web/server/secrets/service.ts';
import { createSecretTable, type SecretTable } from '../../web/server/secrets/table.ts';
import { UserError } from '../../web/server/user-error.ts';

export interface SecretWorld {
  ports: SecretPorts;
  table: SecretTable;
  stored: StoredSecret[];
  /** The value of a version, which nothing but the store may have. */
  values: Map<string, string>;
  /** Names of the mounted versions by service. */
  services: Map<string, string>;
  /** Services whose tasks do not follow. */
  stuck: Set<string>;
  /** Deployments that say why they do not run with a new version. */
  failing: Map<string, string>;
  /** So many more times something else goes on with each deployment. */
  busy: { times: number };
  audited: { action: string; outcome?: string; detail: unknown }[];
  /** Thrown by the next call of the store that changes something, before it is done. */
  breakStore: { error: Error | undefined };
}

export function secretWorld(db: Db, environment: string): SecretWorld {
  let now = 1_000;
  const table = createSecretTable(db);
  const world = {
    ...{ table, stored: [] as StoredSecret[], values: new Map<string, string>(), services: new Map<string, string>() },
    ...{ stuck: new Set<string>(), failing: new Map<string, string>(), busy: { times: 0 }, audited: [] },
    breakStore: { error: undefined },
  } as Omit<SecretWorld, 'ports'>;
  const serviceOf = (Name: string, SecretName: string): Service =>
    ({
      ID: `id-${Name}`,
      Spec: {
        ...{ Name, Labels: { odyssey_deployment: Name.replace(/-r\d+$/, ''), odyssey_revision: 'r1' } },
        TaskTemplate: { ContainerSpec: { Secrets: SecretName === '' ? [] : [{ SecretName }] } },
      },
    }) as unknown as Service;
  const store: SecretStore = {
    list: () => Promise.resolve({ ok: true, value: [...world.stored] }),
    put({ base64, ...secret }) {
      if (world.breakStore.error) throw world.breakStore.error;
      const storedAs = engineSecretName(secret.environment, secret.name, secret.version);
      const one = { ...secret, storedAs, id: `id-${storedAs}`, created: now };
      world.stored.push(one);
      world.values.set(storedAs, base64);
      return Promise.resolve({ ok: true, value: one });
    },
    remove({ environment: at, name, version }) {
      const storedAs = engineSecretName(at, name, version);
      if ([...world.services.values()].includes(storedAs))
        return Promise.resolve({ ok: false, failure: { kind: 'conflict', message: `${storedAs} is in use` } });
      world.stored.splice(0, world.stored.length, ...world.stored.filter((one) => one.storedAs !== storedAs));
      return Promise.resolve({ ok: true, value: undefined });
    },
  };
  const listed = () => [...world.services].map(([name, secret]) => serviceOf(name, secret));
  const ports = {
    ...{ store, table },
    engine: {
      services: { list: () => Promise.resolve({ ok: true, value: listed() }) },
      tasks: { list: () => Promise.resolve({ ok: true, value: [] as Task[] }) },
    },
    users: {
      renewSecrets: (_actor: unknown, at: string, deployment: string) => {
        if (world.busy.times-- > 0) return Promise.reject(new UserError(409, 'busy', 'something goes on'));
        const reason = world.failing.get(deployment);
        const current = table.get(at, 'db')!.current;
        // The engine has gone back by itself where the new one did not come up.
        if (reason === undefined || current === 1)
          for (const [name, secret] of world.services)
            if (name.startsWith(`${deployment}-`) && secret !== '' && !world.stuck.has(name))
              world.services.set(name, engineSecretName(at, 'db', current));
        return Promise.resolve(current === 1 ? undefined : reason);
      },
    },
    audit: {
      open: (act: { action: string; detail?: unknown }) => {
        world.audited.push({ action: act.action, detail: act.detail });
        return Promise.resolve({ ...act, seq: world.audited.length });
      },
      close: (act: { action: string }, outcome: string, detail: unknown) => {
        world.audited.push({ action: act.action, outcome, detail });
        return Promise.resolve();
      },
    },
    environments: { byId: (id: string) => ({ id, archived: id !== environment }) },
    toBase64: (text: string) => btoa(text),
    unixSeconds: () => now,
    monotonicSeconds: () => now,
    sleep: (seconds: number) => {
      now += seconds;
      return Promise.resolve();
    },
  } as unknown as SecretPorts;
  return { ...world, ports };
}
