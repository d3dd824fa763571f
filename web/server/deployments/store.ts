// Deployments and their revisions as they are recorded: what should be true, whatever the engine says.
import type { DeploymentSettings, RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import type { Db } from '../db.ts';
import { UserError } from '../user-error.ts';
import { revisionOf, serviceOf } from './names.ts';

export interface Deployment {
  name: string;
  environment: string;
  settings: DeploymentSettings;
  /** Number of the revision that answers requests. */
  stable: number | undefined;
  /** The one that answered before it. */
  previous: number | undefined;
  stopped: boolean;
  removing: boolean;
  /** How often every task was ordered to be replaced. */
  restarts: number;
  created: number;
}

type RevisionResult = 'pending' | 'done' | 'rolled-back' | 'failed';

export interface Revision {
  deployment: string;
  number: number;
  spec: RevisionSpec;
  /** The swarm service that runs it: its own, or with a volume that of the revision before. */
  service: string;
  /** Empty until the image is resolved. */
  pinned: string;
  specHash: string;
  author: string;
  created: number;
  result: RevisionResult;
  reason: string;
  seconds: number | undefined;
  warmUntil: number;
  pruned: boolean;
}

export interface DeploymentStore {
  list(environment?: string): Deployment[];
  /** Throws a UserError where there is none of that name in that environment. */
  get(environment: string, name: string): Deployment;
  find(name: string): Deployment | undefined;
  /** Throws a UserError where the name or a host is taken, or there are too many. */
  refuseTaken(name: string, hosts: readonly string[]): void;
  /** With its first revision, as one step: one without any could be neither read nor run. Throws as that does. */
  add(
    deployment: Pick<Deployment, 'name' | 'environment' | 'settings' | 'created'>,
    first: Pick<Revision, 'spec' | 'author'>,
  ): void;
  changeSettings(name: string, settings: DeploymentSettings): void;
  setStable(name: string, stable: number, previous: number | undefined): void;
  setStopped(name: string, stopped: boolean): void;
  setRemoving(name: string): void;
  countRestart(name: string): void;
  remove(name: string): void;
  revisions(name: string): Revision[];
  revision(name: string, number: number): Revision | undefined;
  /** Makes the next one; gives its number. Without a `service` it has its own. */
  addRevision(
    revision: Pick<Revision, 'deployment' | 'spec' | 'author' | 'created'> & { service: string | undefined },
  ): number;
  /** Once: a revision is immutable. */
  pin(name: string, number: number, pinned: string, specHash: string): void;
  finish(name: string, number: number, ended: Pick<Revision, 'result' | 'reason' | 'seconds'>): void;
  keepWarm(name: string, number: number, until: number): void;
  setPruned(name: string, number: number): void;
}

const deploymentsMax = 500;

interface DeploymentRow {
  name: string;
  environment: string;
  settings: string;
  stable: number | null;
  previous: number | null;
  stopped: number;
  removing: number;
  restarts: number;
  created: number;
}

interface RevisionRow {
  deployment: string;
  number: number;
  spec: string;
  service: string;
  pinned: string;
  spec_hash: string;
  author: string;
  created: number;
  result: string;
  reason: string;
  seconds: number | null;
  warm_until: number;
  pruned: number;
}

export function createDeploymentStore(db: Db): DeploymentStore {
  const find = (name: string) => db.get<DeploymentRow>('SELECT * FROM deployments WHERE name = ?', name);
  const list = () => db.all<DeploymentRow>('SELECT * FROM deployments ORDER BY name').map(readDeployment);
  const set = (name: string, assignment: string, ...values: (string | number | null)[]) =>
    void db.run(`UPDATE deployments SET ${assignment} WHERE name = ?`, ...values, name);
  return {
    list: (environment) => list().filter((one) => environment === undefined || one.environment === environment),
    find: (name) => readMaybe(find(name)),
    get(environment, name) {
      const row = find(name);
      if (row === undefined || row.environment !== environment)
        throw new UserError(404, 'not-found', `There is no deployment ${name} in this environment; list them again.`);
      return readDeployment(row);
    },
    refuseTaken: (name, hosts) => refuseTaken(list(), name, hosts),
    add({ name, environment, settings, created }, { spec, author }) {
      refuseTaken(list(), name, settings.hosts);
      db.transaction(() => {
        db.run(
          'INSERT INTO deployments (name, environment, settings, created) VALUES (?, ?, ?, ?)',
          ...[name, environment, JSON.stringify(settings), created],
        );
        insertRevision(db, 1, { deployment: name, spec, author, created, service: undefined });
      });
    },
    changeSettings(name, settings) {
      refuseHosts(
        list().filter((other) => other.name !== name),
        settings.hosts,
      );
      set(name, 'settings = ?', JSON.stringify(settings));
    },
    setStable: (name, stable, previous) => set(name, 'stable = ?, previous = ?', stable, previous ?? null),
    setStopped: (name, stopped) => set(name, 'stopped = ?', stopped ? 1 : 0),
    setRemoving: (name) => set(name, 'removing = ?', 1),
    countRestart: (name) => void db.run('UPDATE deployments SET restarts = restarts + 1 WHERE name = ?', name),
    remove: (name) => void db.run('DELETE FROM deployments WHERE name = ?', name),
    ...revisionStore(db),
  };
}

type RevisionStore = Pick<
  DeploymentStore,
  'revisions' | 'revision' | 'addRevision' | 'pin' | 'finish' | 'keepWarm' | 'setPruned'
>;

function revisionStore(db: Db): RevisionStore {
  const set = (name: string, number: number, assignment: string, ...values: (string | number | null)[]) =>
    db.run(`UPDATE revisions SET ${assignment} WHERE deployment = ? AND number = ?`, ...values, name, number);
  return {
    revisions: (name) =>
      db.all<RevisionRow>('SELECT * FROM revisions WHERE deployment = ? ORDER BY number DESC', name).map(readRevision),
    revision(name, number) {
      const row = db.get<RevisionRow>('SELECT * FROM revisions WHERE deployment = ? AND number = ?', name, number);
      return row === undefined ? undefined : readRevision(row);
    },
    addRevision: (revision) =>
      db.transaction(() => {
        const last = db.get<{ n: number | null }>(
          'SELECT max(number) AS n FROM revisions WHERE deployment = ?',
          revision.deployment,
        );
        const number = (last?.n ?? 0) + 1;
        insertRevision(db, number, revision);
        return number;
      }),
    pin(name, number, pinned, specHash) {
      const { changes } = db.run(
        "UPDATE revisions SET pinned = ?, spec_hash = ? WHERE deployment = ? AND number = ? AND pinned = ''",
        ...[pinned, specHash, name, number],
      );
      if (changes !== 1) throw new Error(`${name} r${number} is pinned already`);
    },
    finish: (name, number, { result, reason, seconds }) =>
      void set(name, number, 'result = ?, reason = ?, seconds = ?', result, reason, seconds ?? null),
    keepWarm: (name, number, until) => void set(name, number, 'warm_until = ?', until),
    setPruned: (name, number) => void set(name, number, 'pruned = ?, warm_until = 0', 1),
  };
}

type NewRevision = Parameters<DeploymentStore['addRevision']>[0];

function insertRevision(db: Db, number: number, { deployment, spec, service, author, created }: NewRevision): void {
  db.run(
    'INSERT INTO revisions (deployment, number, spec, service, author, created) VALUES (?, ?, ?, ?, ?, ?)',
    ...[
      deployment,
      number,
      JSON.stringify(spec),
      service ?? serviceOf(deployment, revisionOf(number)),
      author,
      created,
    ],
  );
}

function refuseTaken(deployments: readonly Deployment[], name: string, hosts: readonly string[]): void {
  if (deployments.length >= deploymentsMax)
    throw new UserError(409, 'too-many', `There are ${deploymentsMax} deployments already; remove one first.`);
  if (deployments.some((one) => one.name === name))
    throw new UserError(
      409,
      'name-taken',
      `There is a deployment ${name} already, perhaps in another environment; choose another name.`,
    );
  refuseHosts(deployments, hosts);
}

function refuseHosts(others: readonly Deployment[], hosts: readonly string[]): void {
  for (const other of others) {
    const host = hosts.find((one) => other.settings.hosts.includes(one));
    if (host !== undefined)
      throw new UserError(409, 'host-taken', `Requests for ${host} go to ${other.name}; take it from there first.`);
  }
}

function readMaybe(row: DeploymentRow | undefined): Deployment | undefined {
  return row === undefined ? undefined : readDeployment(row);
}

function readDeployment(row: DeploymentRow): Deployment {
  return {
    ...row,
    settings: JSON.parse(row.settings) as DeploymentSettings,
    stable: row.stable ?? undefined,
    previous: row.previous ?? undefined,
    stopped: row.stopped === 1,
    removing: row.removing === 1,
  };
}

function readRevision({ spec_hash, warm_until, ...row }: RevisionRow): Revision {
  return {
    ...row,
    spec: JSON.parse(row.spec) as RevisionSpec,
    specHash: spec_hash,
    result: row.result as RevisionResult,
    seconds: row.seconds ?? undefined,
    warmUntil: warm_until,
    pruned: row.pruned === 1,
  };
}
