// Credentials of registries: the name is shown, the password goes in and never comes out but towards its registry.
import type { Db } from '../db.ts';
import type { RegistryAuth } from '../engine/port.ts';
import { UserError } from '../user-error.ts';

interface Seal {
  seal(text: string, about: string): Uint8Array;
  open(sealed: Uint8Array, about: string): string;
}

export interface RegistryStore {
  list(): { registry: string; username: string; changed: number }[];
  set(registry: string, username: string, password: string, now: number): void;
  remove(registry: string): void;
  credentials(registry: string): RegistryAuth | undefined;
}

const registriesMax = 100;
/** What people call Docker Hub, and what its credentials are kept under in the engine's own files. */
const hub = { name: 'docker.io', serveraddress: 'https://index.docker.io/v1/' };

export function createRegistryStore(db: Db, seal: Seal): RegistryStore {
  const find = (registry: string) =>
    db.get<{ username: string; sealed: Uint8Array }>(
      'SELECT username, sealed FROM registries WHERE registry = ?',
      registry,
    );
  return {
    list: () => db.all('SELECT registry, username, changed FROM registries ORDER BY registry'),
    set(registry, username, password, now) {
      const isNew = find(registry) === undefined;
      if (isNew && db.get<{ n: number }>('SELECT count(*) AS n FROM registries')!.n >= registriesMax)
        throw new UserError(409, 'too-many', `There are ${registriesMax} registries already; remove one first.`);
      db.run(
        'INSERT OR REPLACE INTO registries (registry, username, sealed, changed) VALUES (?, ?, ?, ?)',
        ...[registry, username, seal.seal(password, registry), now],
      );
    },
    remove(registry) {
      if (db.run('DELETE FROM registries WHERE registry = ?', registry).changes === 0)
        throw new UserError(404, 'not-found', `No credentials are kept for ${registry}; list them again.`);
    },
    credentials(registry) {
      const row = find(registry);
      if (row === undefined) return undefined;
      const serveraddress = registry === hub.name ? hub.serveraddress : registry;
      return { username: row.username, password: seal.open(row.sealed, registry), serveraddress };
    },
  };
}
