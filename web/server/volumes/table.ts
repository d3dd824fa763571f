// Volumes in the database: whose each is and on which node it lies, which the engine of another node cannot be asked.
import type { Db } from '../db.ts';

export interface VolumeRow {
  name: string;
  environment: string;
  /** The swarm's id of the node. */
  node: string;
  budget_bytes: number | null;
  created: number;
}

export interface VolumeTable {
  list(environment: string): VolumeRow[];
  all(): VolumeRow[];
  get(name: string): VolumeRow | undefined;
  add(row: VolumeRow): void;
  remove(name: string): void;
}

const columns = 'name, environment, node, budget_bytes, created';

export function createVolumeTable(db: Db): VolumeTable {
  return {
    list: (environment) =>
      db.all<VolumeRow>(`SELECT ${columns} FROM volumes WHERE environment = ? ORDER BY name`, environment),
    all: () => db.all<VolumeRow>(`SELECT ${columns} FROM volumes ORDER BY name`),
    get: (name) => db.get<VolumeRow>(`SELECT ${columns} FROM volumes WHERE name = ?`, name),
    add: ({ name, environment, node, budget_bytes, created }) =>
      void db.run(
        `INSERT INTO volumes (${columns}) VALUES (?, ?, ?, ?, ?)`,
        name,
        environment,
        node,
        budget_bytes,
        created,
      ),
    remove: (name) => void db.run('DELETE FROM volumes WHERE name = ?', name),
  };
}
