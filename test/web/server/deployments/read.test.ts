// Deployments as people see them: joined from the records, the engine and HAProxy; values of an environment only for whoever may write.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploymentSpec } from '../../../../core/contracts/deployment-spec.ts';
import {
  deploymentDetail,
  deploymentList,
  operationDetail,
  revisionList,
} from '../../../../core/contracts/deployments.ts';
import { DeploymentReader } from '../../../../web/server/deployments/read.ts';
import { actor, type Bench, environment, openBench } from './bench.ts';

let bench: Bench;
let reader: DeploymentReader;
let operation: string;

beforeEach(async () => {
  bench = openBench();
  reader = new DeploymentReader({ ...bench.ports, nameOf: (person) => (person === 'p1' ? 'Ada' : undefined) });
  const spec = { name: 'shop', image: 'one', port: 8080, hosts: ['shop.test'], replicas: 2, env: { TOKEN: 'value-1' } };
  operation = (await bench.service().deploy(actor, environment, deploymentSpec.parse(spec))).operation;
  await bench.ended(operation);
});
afterEach(() => bench.close());

test('every view is what the contract says, and none but the specification holds a value', async () => {
  const list = deploymentList.parse({ items: await reader.list(environment) });
  expect(list.items).toMatchObject([
    { name: 'shop', state: 'running', stable: 'r1', replicas: { wanted: 2, running: 2 } },
  ]);
  const detail = deploymentDetail.parse(await reader.detail(environment, 'shop'));
  expect(detail).toMatchObject({
    ...{ runningImages: ['sha256:one'], routing: { kind: 'read', stable: 'r1' }, network: `env-${environment}` },
    tasks: [{ name: 'shop-r1.1', state: 'running', place: 'stable', nodeName: 'one' }, { name: 'shop-r1.2' }],
  });
  const revisions = revisionList.parse({ items: await reader.revisions(environment, 'shop') });
  expect(revisions.items).toMatchObject([
    { revision: 'r1', author: 'Ada', place: 'stable', envNames: ['TOKEN'], replicas: 2 },
  ]);
  const told = operationDetail.parse(reader.operation(environment, operation));
  expect(told).toMatchObject({ kind: 'deploy', state: 'done', actor: 'Ada', revision: 'r1' });
  expect(JSON.stringify([list, detail, revisions, told])).not.toContain('value-1');
  expect(reader.spec(environment, 'shop', 'r1').env).toEqual({ TOKEN: 'value-1' });
});

test('each replica says what it is there for', async () => {
  const { operation: update } = await bench.service().update(actor, environment, 'shop', { image: 'two' });
  await bench.ended(update);
  const places = new Map(
    (await reader.detail(environment, 'shop')).tasks!.map(({ revision, place }) => [revision, place]),
  );
  expect(places).toEqual(
    new Map([
      ['r2', 'stable'],
      ['r1', 'warm'],
    ]),
  );
});

test('while the engine is away the state is unknown and nothing counts as none', async () => {
  bench.engine.down = 'absent';
  expect((await reader.list(environment))[0]).toMatchObject({
    state: 'unknown',
    replicas: { wanted: 2, running: null },
  });
  expect((await reader.revisions(environment, 'shop'))[0]).toMatchObject({ replicas: null });
  expect(await reader.detail(environment, 'shop')).toMatchObject({ tasks: null, runningImages: null });
});

test('an operation is followed to its end, from where one was cut off', async () => {
  const seen: string[] = [];
  for await (const { event, id } of reader.follow(environment, operation, 3, new AbortController().signal))
    seen.push(`${event} ${id ?? ''}`.trim());
  expect(seen[0]).toBe('step 4');
  expect(seen.at(-1)).toBe('end');
  expect(() => reader.follow('fedcba9876543210', operation, 0, new AbortController().signal)).toThrow(
    /no such operation/,
  );
});
