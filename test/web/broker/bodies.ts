// Request bodies as the product sends them, one of each call that carries one.
import type { WriteCall } from '../../../core/contracts/broker.ts';

export interface NamedBody {
  name: string;
  call: WriteCall;
  target: string;
  body: unknown;
}

export const imageId = `sha256:${'a1'.repeat(32)}`;
const own = { odyssey_environment: 'env1', odyssey_deployment: 'shop', odyssey_revision: 'r12' };

export function goodContainer() {
  return {
    Image: imageId,
    Cmd: ['haproxy', '-W', '-db', '-f', '/etc/haproxy/haproxy.cfg'],
    User: '1000:1000',
    Labels: { odyssey_role: 'ingress' },
    ExposedPorts: { '8000/tcp': {} },
    HostConfig: {
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      RestartPolicy: { Name: 'always' },
      NetworkMode: 'none',
      PortBindings: { '8000/tcp': [{ HostPort: '80' }] },
      Mounts: [{ Type: 'volume', Source: 'odyssey_haproxy', Target: '/etc/haproxy', ReadOnly: true }] as unknown[],
      Memory: 128 * 1024 * 1024,
      NanoCpus: 1e9,
      PidsLimit: 256,
    },
  };
}

export function goodService() {
  const rollout = { Parallelism: 1, Order: 'start-first', Monitor: 3e9, MaxFailureRatio: 0 };
  return {
    Name: 'shop-r12',
    Labels: { ...own, odyssey_spec: 'f00d' },
    Mode: { Replicated: { Replicas: 0 } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: {
      Networks: [{ Target: 'env-one' }],
      ContainerSpec: {
        Image: imageId,
        Labels: own,
        Env: ['COLOUR=blue', 'EMPTY='],
        Init: true,
        CapabilityDrop: ['ALL'],
        Privileges: { NoNewPrivileges: true },
        StopGracePeriod: 10e9,
        Secrets: [] as unknown[],
        Mounts: [{ Type: 'volume', Source: 'vol-shop-data', Target: '/data' }] as unknown[],
        HealthCheck: {
          Test: ['CMD', '/bin/true'],
          Interval: 30e9,
          StartPeriod: 20e9,
          StartInterval: 300e6,
          Timeout: 3e9,
          Retries: 3,
        },
      },
      Resources: { Limits: { MemoryBytes: 512 * 1024 * 1024, NanoCPUs: 5e8 }, Reservations: { MemoryBytes: 0 } },
      RestartPolicy: { Condition: 'any', Delay: 1e9 },
      Placement: { Constraints: ['node.role==manager'] },
      ForceUpdate: 0,
    },
    UpdateConfig: { ...rollout, FailureAction: 'rollback' },
    RollbackConfig: { ...rollout, FailureAction: 'pause' },
  };
}

export const create: Pick<NamedBody, 'call' | 'target'> = {
  call: 'POST /containers/create',
  target: '/containers/create?name=odyssey-ingress',
};
export const service: Pick<NamedBody, 'call' | 'target'> = {
  call: 'POST /services/create',
  target: '/services/create',
};

/** One of each call that carries a body. */
export const goodBodies: readonly NamedBody[] = [
  { name: 'the ingress', ...create, body: goodContainer() },
  { name: 'a revision', ...service, body: goodService() },
  {
    name: 'an environment’s network',
    call: 'POST /networks/create',
    target: '/networks/create',
    body: { Name: 'env-one', Driver: 'overlay', Attachable: true, Labels: own },
  },
  {
    name: 'a volume',
    call: 'POST /volumes/create',
    target: '/volumes/create',
    body: { Name: 'vol-shop-data', Driver: 'local', Labels: own },
  },
  {
    name: 'a secret',
    call: 'POST /secrets/create',
    target: '/secrets/create',
    body: { Name: 'db-password-1', Labels: own, Data: 'aHVudGVyMg==' },
  },
  {
    name: 'an attachment',
    call: 'POST /networks/{network}/connect',
    target: '/networks/env-one/connect',
    body: { Container: 'odyssey-ingress', EndpointConfig: { Aliases: ['shop'] } },
  },
  {
    name: 'a detachment',
    call: 'POST /networks/{network}/disconnect',
    target: '/networks/env-one/disconnect',
    body: { Container: 'odyssey-ingress', Force: false },
  },
  {
    name: 'a drained node',
    call: 'POST /nodes/{id}/update',
    target: '/nodes/n1/update?version=7',
    body: { Role: 'worker', Availability: 'drain', Labels: {} },
  },
  {
    name: 'a first swarm',
    call: 'POST /swarm/init',
    target: '/swarm/init',
    body: {
      ListenAddr: '127.0.0.1:2377',
      AdvertiseAddr: '127.0.0.1',
      DefaultAddrPool: ['10.201.0.0/16'],
      SubnetSize: 24,
    },
  },
  {
    name: 'a quicker heartbeat',
    call: 'POST /swarm/update',
    target: '/swarm/update?version=9',
    body: { Name: 'default', Dispatcher: { HeartbeatPeriod: 1e9 } },
  },
];

/** Texts that two parsers could read differently, or that are no JSON at all. */
export const crookedTexts: readonly { name: string; text: string }[] = [
  { name: 'a key twice', text: '{"Name":"vol-a","Name":"vol-b"}' },
  { name: 'a key twice, once escaped', text: '{"Name":"vol-a","N\\u0061me":"vol-b"}' },
  { name: 'a nested key twice', text: '{"Name":"vol-a","Labels":{"a":"1","a":"2"}}' },
  { name: 'a prototype', text: '{"Name":"vol-a","__proto__":{"DriverOpts":{}}}' },
  { name: 'something behind the value', text: '{"Name":"vol-a"}{"Name":"vol-b"}' },
  { name: 'a comment', text: '{"Name":"vol-a"/**/}' },
  { name: 'a trailing comma', text: '{"Name":"vol-a",}' },
  { name: 'a number too large', text: '{"Name":"vol-a","Labels":{"a":9007199254740993}}' },
  { name: 'a byte order mark', text: '\ufeff{"Name":"vol-a"}' },
  { name: 'a raw control character', text: '{"Name":"vol-a","Labels":{"a":"\u0001"}}' },
  { name: 'too deep', text: `${'{"a":'.repeat(200)}1${'}'.repeat(200)}` },
  { name: 'a list', text: '[{"Name":"vol-a"}]' },
  { name: 'null', text: 'null' },
  { name: 'nothing but space', text: '   ' },
  { name: 'single quotes', text: "{'Name':'vol-a'}" },
];
