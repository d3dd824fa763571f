// A container may be made with no more rights than the ingress needs.
import { describe, expect, test } from 'vitest';
import { containerCreate, networkConnect, networkDisconnect } from '../../../../web/broker/validate/container.ts';
import { goodContainer } from '../bodies.ts';
import { dangerousBodies } from '../dangerous-bodies.ts';
import { openPolicy } from '../harness.ts';

const schema = containerCreate(openPolicy);
const takes = (body: unknown) => schema.safeParse(body).success;
const withHost = (fields: Record<string, unknown>) => ({
  ...goodContainer(),
  HostConfig: { ...goodContainer().HostConfig, ...fields },
});

describe('taken', () => {
  test('the ingress', () => expect(schema.parse(goodContainer())).toEqual(goodContainer()));
  test.each<[string, Record<string, unknown>]>([
    [
      'a listed folder, read-only as listed',
      { Mounts: [{ Type: 'bind', Source: '/srv/odyssey/haproxy', Target: '/etc/haproxy', ReadOnly: true }] },
    ],
    [
      'a listed folder, writable as listed',
      { Mounts: [{ Type: 'bind', Source: '/srv/odyssey/run/haproxy', Target: '/run/haproxy' }] },
    ],
    [
      'memory as a file system',
      { Mounts: [{ Type: 'tmpfs', Target: '/tmp', TmpfsOptions: { SizeBytes: 1048576, Mode: 0o1777 } }] },
    ],
    ['an environment’s network', { NetworkMode: 'env-one' }],
    ['a listed network', { NetworkMode: 'odyssey_default' }],
    ['a port on loopback', { PortBindings: { '8443/tcp': [{ HostIp: '127.0.0.1', HostPort: '443' }] } }],
    ['bounded logs', { LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } } }],
  ])('%s', (_name, fields) => expect(takes(withHost(fields))).toBe(true));
});

test.each(dangerousBodies.filter(({ call }) => call === 'POST /containers/create'))('$name is refused', ({ body }) => {
  expect(takes(body)).toBe(false);
});

test('every field of the good container is needed as it is, or is harmless without', () => {
  for (const field of [
    'CapDrop',
    'SecurityOpt',
    'ReadonlyRootfs',
    'Memory',
    'NanoCpus',
    'PidsLimit',
    'RestartPolicy',
  ]) {
    const { [field]: _left, ...kept } = goodContainer().HostConfig as Record<string, unknown>;
    expect([field, takes({ ...goodContainer(), HostConfig: kept })]).toEqual([field, false]);
  }
});

test('attachments name a container and aliases, no address', () => {
  expect(
    networkConnect().safeParse({ Container: 'odyssey-ingress', EndpointConfig: { Aliases: ['shop'] } }).success,
  ).toBe(true);
  expect(networkConnect().safeParse({ Container: 'odyssey-ingress', EndpointConfig: { IPAMConfig: {} } }).success).toBe(
    false,
  );
  for (const Container of ['../web', 'web', 'a1'.repeat(32), 'odyssey-broker', 'odyssey-broker-1']) {
    expect(networkConnect().safeParse({ Container }).success).toBe(false);
    expect(networkDisconnect().safeParse({ Container }).success).toBe(false);
  }
  expect(networkDisconnect().safeParse({ Container: 'odyssey-ingress', Force: true }).success).toBe(true);
  expect(networkDisconnect().safeParse({ Container: 'odyssey-ingress', Force: 'yes' }).success).toBe(false);
});
