// P8: whoever may act in one environment reaches nothing of another by its name or number, neither to read nor to change.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { deploymentSpec } from '../../../../core/contracts/deployment-spec.ts';
import { DeploymentReader } from '../../../../web/server/deployments/read.ts';
import type { DeploymentService } from '../../../../web/server/deployments/service.ts';
import { actor, type Bench, environment, openBench } from './bench.ts';

const foreign = 'fedcba9876543210';
let bench: Bench;
let reader: DeploymentReader;
let service: DeploymentService;
let operation: string;

beforeEach(async () => {
  bench = openBench();
  bench.db.run("INSERT INTO environments (id, name, colour, created) VALUES (?, 'other', 'grey', 0)", foreign);
  reader = new DeploymentReader({ ...bench.ports, nameOf: () => undefined });
  service = bench.service();
  const deploy = async (image: string) => {
    const spec = deploymentSpec.parse({ name: 'shop', image, port: 8080, hosts: ['shop.test'] });
    return (await service.deploy(actor, environment, spec)).operation;
  };
  operation = await deploy('one');
  await bench.ended(operation);
  await bench.ended((await service.update(actor, environment, 'shop', { image: 'two' })).operation);
});
afterEach(() => bench.close());

const calls: Readonly<Record<string, (of: string) => unknown>> = {
  detail: (of) => reader.detail(of, 'shop'),
  revisions: (of) => reader.revisions(of, 'shop'),
  spec: (of) => reader.spec(of, 'shop', 'r1'),
  diff: (of) => reader.diff(of, 'shop', 'r1', 'r2'),
  operations: (of) => reader.operations(of, 'shop'),
  operation: (of) => reader.operation(of, operation),
  follow: (of) => reader.follow(of, operation, 0, new AbortController().signal),
  update: (of) => service.update(actor, of, 'shop', { image: 'three' }),
  rollback: (of) => service.rollback(actor, of, 'shop', undefined),
  scale: (of) => service.scale(actor, of, 'shop', 2),
  restart: (of) => service.restart(actor, of, 'shop'),
  stop: (of) => service.setStopped(actor, of, 'shop', true),
  configure: (of) => service.configure(of, 'shop', { hosts: ['other.test'] }),
  remove: (of) => service.remove(actor, of, 'shop'),
};

test.each(Object.keys(calls))('%s', async (name) => {
  const before = JSON.stringify([bench.deployments.list(), bench.operations.list('shop', 100), bench.audited]);
  await expect((async () => calls[name]!(foreign))()).rejects.toMatchObject({ status: 404, kind: 'not-found' });
  expect(JSON.stringify([bench.deployments.list(), bench.operations.list('shop', 100), bench.audited])).toBe(before);
  const done = await calls[name]!(environment);
  const begun = z.object({ operation: z.string() }).safeParse(done);
  if (begun.success) await bench.ended(begun.data.operation);
});

test('nothing of it is in the other one’s list, and neither its name nor its host can be taken there', async () => {
  expect(await reader.list(foreign)).toEqual([]);
  for (const taken of [{ name: 'shop' }, { name: 'thief', hosts: ['shop.test'] }]) {
    const spec = deploymentSpec.parse({ image: 'one', port: 8080, ...taken });
    await expect(service.deploy(actor, foreign, spec)).rejects.toMatchObject({ status: 409 });
  }
});
