// Secrets in the database: names, which version is given out, who may mount it, and how far a rotation is. No value and no hash of one.
import { type SecretRotation, secretRotation } from '../../../core/contracts/secrets.ts';
import type { Db } from '../db.ts';
import type { SecretActor } from './port.ts';

export interface SecretRow {
  environment: string;
  name: string;
  /** The version that deployments are given. */
  current: number;
  created: number;
}

export interface RotationRow extends SecretRotation {
  environment: string;
  name: string;
  actor: SecretActor;
}

export interface SecretTable {
  list(environment: string): SecretRow[];
  get(environment: string, name: string): SecretRow | undefined;
  add(row: SecretRow, deployments: readonly string[]): void;
  setCurrent(environment: string, name: string, version: number): void;
  remove(environment: string, name: string): void;
  deploymentsOf(environment: string, name: string): string[];
  setDeployments(environment: string, name: string, deployments: readonly string[]): void;
  rotation(environment: string, name: string): RotationRow | undefined;
  /** Those that a stop has interrupted. */
  unfinished(): RotationRow[];
  saveRotation(rotation: RotationRow): void;
}

interface StoredRotation {
  environment: string;
  name: string;
  from_version: number;
  to_version: number;
  phase: string;
  started: number;
  ended: number | null;
  moved: string;
  reason: string | null;
  actor: string;
}

const columns = 'environment, name, current, created';

export function createSecretTable(db: Db): SecretTable {
  const readRotation = ({ environment, name, actor, ...row }: StoredRotation): RotationRow => ({
    ...{ environment, name, actor: JSON.parse(actor) as SecretActor },
    ...secretRotation.parse({
      ...{ from: row.from_version, to: row.to_version, phase: row.phase, started: row.started, ended: row.ended },
      ...{ moved: JSON.parse(row.moved), reason: row.reason },
    }),
  });
  const grant = (environment: string, name: string, deployments: readonly string[]) => {
    for (const deployment of new Set(deployments))
      db.run('INSERT INTO secret_deployments VALUES (?, ?, ?)', environment, name, deployment);
  };
  return {
    list: (environment) =>
      db.all<SecretRow>(`SELECT ${columns} FROM secrets WHERE environment = ? ORDER BY name`, environment),
    get: (environment, name) =>
      db.get<SecretRow>(`SELECT ${columns} FROM secrets WHERE environment = ? AND name = ?`, environment, name),
    add({ environment, name, current, created }, deployments) {
      db.transaction(() => {
        db.run(`INSERT INTO secrets (${columns}) VALUES (?, ?, ?, ?)`, environment, name, current, created);
        grant(environment, name, deployments);
      });
    },
    setCurrent: (environment, name, version) =>
      void db.run('UPDATE secrets SET current = ? WHERE environment = ? AND name = ?', version, environment, name),
    remove: (environment, name) =>
      void db.run('DELETE FROM secrets WHERE environment = ? AND name = ?', environment, name),
    deploymentsOf: (environment, name) =>
      db
        .all<{ deployment: string }>(
          'SELECT deployment FROM secret_deployments WHERE environment = ? AND name = ? ORDER BY deployment',
          ...[environment, name],
        )
        .map(({ deployment }) => deployment),
    setDeployments(environment, name, deployments) {
      db.transaction(() => {
        db.run('DELETE FROM secret_deployments WHERE environment = ? AND name = ?', environment, name);
        grant(environment, name, deployments);
      });
    },
    rotation(environment, name) {
      const row = db.get<StoredRotation>(
        'SELECT * FROM secret_rotations WHERE environment = ? AND name = ?',
        ...[environment, name],
      );
      return row && readRotation(row);
    },
    unfinished: () =>
      db.all<StoredRotation>("SELECT * FROM secret_rotations WHERE phase NOT IN ('done', 'failed')").map(readRotation),
    saveRotation: ({ environment, name, from, to, phase, started, ended, moved, reason, actor }) =>
      void db.run(
        'INSERT OR REPLACE INTO secret_rotations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[environment, name, from, to, phase, started, ended, JSON.stringify(moved), reason, JSON.stringify(actor)],
      ),
  };
}
