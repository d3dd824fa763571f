// Environments: the compartments that grants, deployments and networks belong to.
import type { Db } from '../db.ts';
import { UserError } from '../user-error.ts';

interface Environment {
  id: string;
  name: string;
  colour: string;
  archived: boolean;
  created: number;
}

export interface EnvironmentStore {
  exists(id: string): boolean;
  /** Whether it is there and takes something new: an archived one does not. */
  accepts(id: string): boolean;
  byId(id: string): Environment;
  list(): Environment[];
  add(environment: Environment): void;
  change(id: string, change: { name?: string | undefined; colour?: string | undefined }): void;
  /** Archived environments keep their grants and history and take nothing new. */
  setArchived(id: string, archived: boolean): void;
}

type Row = Omit<Environment, 'archived'> & { archived: number };

const columns = 'id, name, colour, archived, created';
const environmentsMax = 200;

export function createEnvironmentStore(db: Db): EnvironmentStore {
  const read = (row: Row): Environment => ({ ...row, archived: row.archived === 1 });
  const find = (id: string) => db.get<Row>(`SELECT ${columns} FROM environments WHERE id = ?`, id);
  const refuseTaken = (name: string, but: string) => {
    if (db.get('SELECT 1 FROM environments WHERE name = ? AND id <> ?', name, but) !== undefined)
      throw new UserError(409, 'name-taken', `There is an environment ${name} already; choose another name.`);
  };
  return {
    exists: (id) => find(id) !== undefined,
    accepts: (id) => find(id)?.archived === 0,
    byId(id) {
      const row = find(id);
      if (row === undefined) throw new UserError(404, 'not-found', 'There is no such environment; list them again.');
      return read(row);
    },
    list: () => db.all<Row>(`SELECT ${columns} FROM environments ORDER BY created`).map(read),
    add({ id, name, colour, archived, created }) {
      refuseTaken(name, '');
      if (db.get<{ n: number }>('SELECT count(*) AS n FROM environments')!.n >= environmentsMax)
        throw new UserError(409, 'too-many', `There are ${environmentsMax} environments already; use one of them.`);
      db.run(
        'INSERT INTO environments (id, name, colour, archived, created) VALUES (?, ?, ?, ?, ?)',
        ...[id, name, colour, archived ? 1 : 0, created],
      );
    },
    change(id, { name, colour }) {
      if (find(id)?.archived === 1)
        throw new UserError(409, 'archived', 'This environment is archived; take it back before you change it.');
      if (name !== undefined) refuseTaken(name, id);
      db.run(
        'UPDATE environments SET name = coalesce(?, name), colour = coalesce(?, colour) WHERE id = ?',
        ...[name ?? null, colour ?? null, id],
      );
    },
    setArchived: (id, archived) =>
      void db.run('UPDATE environments SET archived = ? WHERE id = ?', archived ? 1 : 0, id),
  };
}
