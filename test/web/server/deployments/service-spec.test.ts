// The service that a revision becomes: field by field what the engine needs to be told, and accepted by the broker's own validator.
import { expect, test } from 'vitest';
import { serviceSpec } from '../../../../web/broker/validate/service.ts';
import { toServiceSpec } from '../../../../web/server/deployments/service-spec.ts';
import { openPolicy } from '../../broker/harness.ts';
import { spec } from './samples.ts';

const input = {
  ...{ service: 'shop-r2', environment: '0123456789abcdef', deployment: 'shop', revision: 'r2', specHash: 'f00d' },
  ...{
    pinned: `sha256:${'a'.repeat(64)}`,
    replicas: 3,
    secrets: [],
    node: undefined,
    networks: [],
    forceUpdate: 1,
  },
};

test('limits, both rollouts, labels twice, no virtual address, no capability', () => {
  const made = toServiceSpec({ ...input, spec: spec({ env: { A: '1' }, healthCheck: { command: ['/check'] } }) });
  expect(made).toMatchObject({
    ...{ Name: 'shop-r2', EndpointSpec: { Mode: 'dnsrr' }, Mode: { Replicated: { Replicas: 3 } } },
    Labels: { odyssey_deployment: 'shop', odyssey_revision: 'r2', odyssey_spec: 'f00d' },
    TaskTemplate: {
      ContainerSpec: {
        ...{ Image: input.pinned, Env: ['A=1'], Init: true, StopGracePeriod: 10e9, CapabilityDrop: ['ALL'] },
        Labels: { odyssey_deployment: 'shop', odyssey_revision: 'r2' },
        HealthCheck: {
          Test: ['CMD', '/check'],
          Interval: 30e9,
          StartPeriod: 20e9,
          StartInterval: 300e6,
          Timeout: 3e9,
          Retries: 3,
        },
      },
      Resources: { Limits: { MemoryBytes: 512 * 2 ** 20, NanoCPUs: 5e8 } },
      RestartPolicy: { Condition: 'any', Delay: 1e9 },
      ...{ Networks: [{ Target: 'env-0123456789abcdef' }], ForceUpdate: 1 },
    },
    UpdateConfig: { Order: 'start-first', FailureAction: 'rollback', Monitor: 3e9, MaxFailureRatio: 0 },
    RollbackConfig: { Order: 'start-first', FailureAction: 'pause', Monitor: 1e9 },
  });
});

test('with a volume the old replica goes first, and it stays on its node', () => {
  const made = toServiceSpec({
    ...input,
    node: 'n1',
    spec: spec({ volumes: [{ name: 'vol-data', path: '/data' }] }),
  });
  expect(made.UpdateConfig.Order).toBe('stop-first');
  expect(made.TaskTemplate.Placement).toEqual({ Constraints: ['node.id==n1'] });
  expect(made.TaskTemplate.ContainerSpec.Mounts).toEqual([
    { Type: 'volume', Source: 'vol-data', Target: '/data', ReadOnly: false },
  ]);
});

test('further networks are joined and told by a label, since the engine tells ids alone', () => {
  const made = toServiceSpec({ ...input, networks: ['env-b', 'env-a'], spec: spec() });
  expect(made.TaskTemplate.Networks.map(({ Target }) => Target)).toEqual(['env-0123456789abcdef', 'env-b', 'env-a']);
  expect(made.TaskTemplate.ContainerSpec.Labels['odyssey_networks']).toBe('env-a,env-b');
});

test.each([
  {
    given: 'everything',
    change: {
      command: ['/a'],
      args: ['b'],
      user: '1000:1000',
      workingFolder: '/srv',
      stopSignal: 'SIGINT',
      readOnlyRoot: true,
      limits: { memoryMegabytes: 64, cpus: 0.25, processes: 50 },
      memoryFolders: [{ path: '/tmp', megabytes: 16 }],
      placement: { constraints: ['node.role==manager'], replicasPerNodeMax: 2 },
      restart: { condition: 'on-failure', attemptsMax: 3, windowSeconds: 60 },
    },
  },
  { given: 'nothing but an image', change: {} },
])('the broker takes a service of $given', ({ change }) => {
  const made = toServiceSpec({ ...input, spec: spec(change) });
  expect(serviceSpec(openPolicy).safeParse(made).error?.issues ?? []).toEqual([]);
});
