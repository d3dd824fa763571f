// The deployment service on a database in a file, an engine and an ingress in memory, whose tasks follow the services as a swarm's would.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploymentSpec } from '../../../../core/contracts/deployment-spec.ts';
import type { Act } from '../../../../web/server/audit/log.ts';
import { randomId, sha256 } from '../../../../web/server/crypto.ts';
import { type Db, openDb } from '../../../../web/server/db.ts';
import { createOperationStore, type OperationStore } from '../../../../web/server/deployments/operations.ts';
import { DeploymentService } from '../../../../web/server/deployments/service.ts';
import { createDeploymentStore, type DeploymentStore } from '../../../../web/server/deployments/store.ts';
import type { Task } from '../../../../web/server/engine/objects.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';
import { createRepairActs } from '../../../../web/server/reconcile/acts.ts';
import type { ReconcilePorts } from '../../../../web/server/reconcile/reconcile.ts';
import { type FakeEngine, fakeEngine } from '../../../fakes/engine.ts';
import { type FakeIngress, fakeIngress } from '../../../fakes/ingress.ts';

export const environment = '0123456789abcdef';
export const actor = { kind: 'person' as const, id: 'p1', person: 'p1' };

/** Three replicas of a shop that is asked for by its host; changes are given. */
export const shop = (change: object = {}) =>
  deploymentSpec.parse({ name: 'shop', image: 'one', port: 8080, hosts: ['shop.test'], replicas: 3, ...change });

export interface Bench {
  db: Db;
  engine: FakeEngine;
  ingress: FakeIngress;
  deployments: DeploymentStore;
  operations: OperationStore;
  ports: ReconcilePorts;
  /** Kinds of what the audit log was told, in order. */
  audited: string[];
  /** Images whose tasks fail, with what the engine says. */
  broken: Map<string, string>;
  /** Tasks that the engine still tells of besides those that follow from its services. */
  history: Task[];
  /** While it is set the audit log takes nothing. */
  auditDown: { reason: string | undefined };
  now(): number;
  service(): DeploymentService;
  /** Deploys the shop, waits until it serves, and gives the service that did it. */
  deployed(change?: object): Promise<DeploymentService>;
  /** Waits until the operation has ended. */
  ended(id: string): Promise<{ state: string; outcome: string }>;
  close(): void;
}

export function openBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-deployments-'));
  const db = openDb(join(folder, 'odyssey.db'), controlMigrations);
  db.run("INSERT INTO environments (id, name, colour, created) VALUES (?, 'default', 'grey', 0)", environment);
  let now = 1_000_000;
  const [engine, ingress, audited] = [fakeEngine(), fakeIngress(), [] as string[]];
  const broken = new Map<string, string>();
  const history: Task[] = [];
  const auditDown: Bench['auditDown'] = { reason: undefined };
  const audit = {
    open: (act: Act) =>
      auditDown.reason === undefined
        ? Promise.resolve({ ...act, seq: audited.push(`open ${act.action}`) })
        : Promise.reject(new Error(auditDown.reason)),
    close: (act: Act, outcome: string) => Promise.resolve(void audited.push(`close ${act.action} ${outcome}`)),
  };
  engine.tasks.list = (filters) => {
    if (engine.down !== undefined)
      return Promise.resolve({ ok: false, failure: { kind: engine.down, message: 'down' } });
    const wanted = filters?.['service'];
    const tasks = [...engine.there.values()]
      .filter(({ Spec }) => wanted?.includes(Spec.Name) ?? true)
      .flatMap((one) => tasksOf(one.Spec, broken));
    const old = history.filter(({ ServiceID }) => wanted?.includes(ServiceID) ?? true);
    return Promise.resolve({ ok: true, value: [...tasks, ...old] });
  };
  const deployments = createDeploymentStore(db);
  const operations = createOperationStore(db, () => now);
  const ports: ReconcilePorts = {
    acts: createRepairActs(audit),
    ...{ engine, ingress, deployments, operations, sha256, unixSeconds: () => now, monotonicSeconds: () => now },
    isoTime: () => new Date(now * 1000).toISOString(),
    sleep: async (seconds) => {
      now += seconds;
      await new Promise((resolve) => setImmediate(resolve));
    },
    resolveImage: (image) =>
      Promise.resolve(
        image.endsWith(':none')
          ? { kind: 'failed', reason: `There is no image ${image}.` }
          : { kind: 'resolved', pinned: `sha256:${image}`, imageId: image, warning: undefined },
      ),
    credentials: () => undefined,
    secrets: () => Promise.resolve({ kind: 'references', references: [] }),
    volumeNode: () => Promise.resolve({ kind: 'node', node: 'n1' }),
    localNode: () => Promise.resolve({ kind: 'node', node: 'n1' }),
    networks: () => [],
    forget: () => undefined,
  };
  const bench: Bench = {
    ...{ db, engine, ingress, deployments, operations, ports, audited, broken, history, auditDown, now: () => now },
    service: () =>
      new DeploymentService({
        ...{
          ...ports,
          randomId,
          environments: { byId: () => ({ archived: false }) },
          ready: () => Promise.resolve(undefined),
        },
        audit,
        onBroken: (error) => {
          if (auditDown.reason === undefined) throw error;
        },
      }),
    async deployed(change) {
      const service = bench.service();
      const { operation } = await service.deploy(actor, environment, shop(change));
      const { state, outcome } = await bench.ended(operation);
      assert.equal(state, 'done', outcome);
      return service;
    },
    async ended(id) {
      for (let tries = 0; tries < 5_000; tries++) {
        const found = operations.get(id)!;
        if (found.state !== 'running') return found;
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw new Error('the operation does not end');
    },
    close() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

function tasksOf(
  { Name, Mode, TaskTemplate }: import('../../../../web/server/engine/objects.ts').ServiceSpec,
  broken: ReadonlyMap<string, string>,
): Task[] {
  const { ContainerSpec, ForceUpdate } = TaskTemplate;
  const why = broken.get(ContainerSpec.Image);
  return Array.from({ length: Mode.Replicated.Replicas }, (_, slot) => ({
    ...{
      ID: `${Name}.${slot}`,
      CreatedAt: '',
      UpdatedAt: '',
      ServiceID: Name,
      Slot: slot + 1,
      NodeID: 'n1',
      DesiredState: 'running',
    },
    Spec: { ContainerSpec, ...(ForceUpdate !== undefined && { ForceUpdate }) },
    Status: {
      Timestamp: '2026-01-01T00:00:00Z',
      State: why === undefined ? 'running' : 'failed',
      ...(why !== undefined && { Err: why }),
    },
  }));
}
