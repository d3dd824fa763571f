// Where a broker can stand, what the collector asks without one, and that its binds are those which the broker takes.
import { describe, expect, test } from 'vitest';
import { type BrokerInput, type BrokerPlace, placeBroker } from '../../../compose/start/broker-place.ts';
import { refuseBind, refuseForeign } from '../../../web/broker/policy.ts';

const input: BrokerInput = {
  docker: { kind: 'engine', version: '28.5', logDriver: undefined, logsRotate: undefined },
  dockerHost: undefined,
  dataDir: '/srv/data',
  realDataDir: '/srv/data',
};
const longest = `/${'d'.repeat(85)}`; // with /run/broker/write.sock 108 bytes

describe('a broker stands before the engine', () => {
  test.each([
    { given: 'no DOCKER_HOST', changed: {}, dockerHost: 'unix:///var/run/docker.sock' },
    { given: 'an empty DOCKER_HOST', changed: { dockerHost: '' }, dockerHost: 'unix:///var/run/docker.sock' },
    { given: 'another socket', changed: { dockerHost: 'unix:///tmp/d' }, dockerHost: 'unix:///tmp/d' },
  ])('$given → $dockerHost', ({ changed, dockerHost }) => {
    expect(placeBroker({ ...input, ...changed })).toEqual({
      kind: 'broker',
      dockerHost,
      readHost: 'unix:///srv/data/run/broker/read.sock',
      binds: '/srv/data/haproxy:ro,/srv/data/run/haproxy:rw',
      note: undefined,
    });
  });

  test('the sockets lie where the folder was named, the binds where it really is', () => {
    const place = placeBroker({ ...input, realDataDir: '/mnt/big/odyssey' });
    expect(place).toMatchObject({
      readHost: 'unix:///srv/data/run/broker/read.sock',
      binds: '/mnt/big/odyssey/haproxy:ro,/mnt/big/odyssey/run/haproxy:rw',
    });
  });

  test('the longest path that the kernel takes is taken', () => {
    expect(placeBroker({ ...input, dataDir: longest.slice(0, -1) }).kind).toBe('broker');
  });
});

describe('it is left out', () => {
  const none = 'unix:///dev/null';
  test.each([
    { given: 'no engine', changed: { docker: { kind: 'absent' } }, says: /no Docker engine/, asks: none },
    {
      given: 'an engine that does not answer',
      changed: { docker: { kind: 'refused', reason: 'EACCES' } },
      says: /EACCES/,
      asks: none,
    },
    {
      given: 'an engine over TCP',
      changed: { dockerHost: 'tcp://10.0.0.1:2375' },
      says: /no unix socket/,
      asks: 'tcp://10.0.0.1:2375',
    },
    { given: 'a path that is too long', changed: { dataDir: longest }, says: /108 bytes.*107/, asks: none },
    {
      given: 'a path whose characters take several bytes',
      changed: { dataDir: `/${'é'.repeat(43)}` },
      says: /109 bytes/,
      asks: none,
    },
  ] as { given: string; changed: Partial<BrokerInput>; says: RegExp; asks: string }[])(
    '$given → the reason, and the collector asks $asks',
    ({ changed, says, asks }) => {
      const place = placeBroker({ ...input, ...changed }) as Extract<BrokerPlace, { kind: 'left-out' }>;
      expect(place).toMatchObject({ kind: 'left-out', reason: expect.stringMatching(says), collectorHost: asks });
      expect(place.remedy).not.toBe('');
    },
  );
});

describe('the binds are those which the broker takes', () => {
  const trees = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/root', '/sbin', '/sys', '/usr'];
  const engines = ['containerd', 'containers', 'cri-dockerd', 'crio', 'docker', 'kubelet', 'podman', 'systemd', 'dbus'];
  test.each([
    ...[...trees, '/lib32', '/libx32', '/var/spool'].flatMap((tree) => [tree, `${tree}/odyssey`]),
    ...engines.flatMap((owner) => [`/var/lib/${owner}/x`, `/run/${owner}/x`, `/var/run/${owner}/x`]),
    ...['/home', '/opt', '/run', '/tmp', '/var', '/var/lib', '/var/run', '/var/tmp'],
    ...['/rooted', '/srv/root', '/home/a/odyssey/data', '/var/lib/odyssey', '/opt/x', '/tmp/x', '/mnt/ü'],
  ])('%s', (realDataDir) => {
    const place = placeBroker({ ...input, realDataDir }) as Extract<BrokerPlace, { kind: 'broker' }>;
    const parts = [`${realDataDir}/haproxy`, `${realDataDir}/run/haproxy`];
    const refused = parts.map((part) => refuseBind(part, []) ?? refuseForeign(part, realDataDir)).find(Boolean);
    expect(place.binds === '').toBe(refused !== undefined);
    expect(place.note !== undefined).toBe(refused !== undefined);
  });

  test('a comma would end the folder’s name', () => {
    expect(placeBroker({ ...input, realDataDir: '/srv/a,b' })).toMatchObject({ kind: 'broker', binds: '' });
  });
});
