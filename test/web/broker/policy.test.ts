// A folder of the host is mounted only where it is listed, exactly, without links, and where it cannot lead to the host itself.
import { describe, expect, test } from 'vitest';
import { allowsBind, isCanonical, type Policy, refuseBind, refuseForeign } from '../../../web/broker/policy.ts';

const policy: Policy = {
  binds: [
    { source: '/srv/odyssey/haproxy', readOnly: true },
    { source: '/srv/odyssey/run', readOnly: false },
    { source: '/srv/odyssey/link', readOnly: false },
    { source: '/srv/odyssey/unseen', readOnly: false },
  ],
  volumes: [],
  networks: [],
  publishedPorts: [],
  brokerId: undefined,
  refuseFolder: (path) => (/(link|unseen)$/.test(path) ? 'not as it was listed' : undefined),
};

describe('what a request may bind', () => {
  test.each([
    { source: '/srv/odyssey/haproxy', readOnly: true, result: true },
    { source: '/srv/odyssey/haproxy', readOnly: false, result: false },
    { source: '/srv/odyssey/run', readOnly: false, result: true },
    { source: '/srv/odyssey/run', readOnly: true, result: true },
    { source: '/srv/odyssey/run/', readOnly: true, result: false },
    { source: '/srv/odyssey/run/deeper', readOnly: true, result: false },
    { source: '/srv/odyssey', readOnly: true, result: false },
    { source: '/srv/odyssey/./run', readOnly: true, result: false },
    { source: '/srv/odyssey/run/../..', readOnly: true, result: false },
    { source: '/srv/odyssey/link', readOnly: true, result: false },
    { source: '/srv/odyssey/unseen', readOnly: true, result: false },
    { source: '/', readOnly: true, result: false },
    { source: '', readOnly: true, result: false },
  ])('$source, read-only $readOnly → $result', ({ source, readOnly, result }) => {
    expect(allowsBind(policy, source, readOnly)).toBe(result);
  });
});

describe('what may be listed', () => {
  const sockets = ['/var/run/docker.sock', '/run/docker.sock', '/srv/odyssey/run/broker/write.sock'];
  test.each([
    ...['/srv/odyssey/haproxy', '/srv/odyssey/run/haproxy', '/home/a/data/haproxy', '/var/lib/odyssey/haproxy'],
    ...['/opt/odyssey/haproxy', '/tmp/x/run/haproxy', '/run/odyssey/haproxy', '/rooted/haproxy'],
  ])('%s', (source) => {
    expect(refuseBind(source, sockets)).toBeUndefined();
  });
  test.each([
    ...[
      '/',
      '/run',
      '/var/run',
      '/var',
      '/var/lib',
      '/var/lib/docker/volumes',
      '/etc',
      '/etc/ssl',
      '/proc',
      '/proc/1',
      '/sys',
      '/dev/shm',
    ],
    ...[
      '/root',
      '/usr/local',
      '/boot',
      '/run/docker.sock',
      '/srv/odyssey/run/broker',
      '/srv/odyssey/run',
      '/srv/odyssey',
      '/srv',
    ],
    ...['/run/containerd', '/run/crio', '/run/podman', '/run/systemd', '/run/dbus', '/var/run/dbus', '/home', '/opt'],
    ...['/tmp', '/var/spool/cron', '/var/lib/kubelet', '/var/lib/containers', '/run/containerd/x/haproxy'],
    ...['srv', '/srv/', '/srv//x', '/srv/./x', '/srv/../x', ''],
  ])('not %o', (source) => expect(refuseBind(source, sockets)).toEqual(expect.any(String)));
});

describe('what is Odyssey’s own', () => {
  test.each([
    ...['/srv/odyssey', '/home/a/odyssey/data', '/var/lib/odyssey', '/opt/odyssey', '/tmp/x', '/run/user/1000/odyssey'],
  ])('with the data in %s its two folders, and no other', (data) => {
    const refused = (source: string) => refuseForeign(source, data);
    expect([`${data}/haproxy`, `${data}/run/haproxy`].map(refused)).toEqual([undefined, undefined]);
    for (const source of [data, `${data}/run`, `${data}/engine`, `${data}/haproxy/x`, '/haproxy', '/run/user/1000'])
      expect(refused(source)).toEqual(expect.stringContaining(`only ${data}/haproxy`));
  });

  test.each(['/', '/run', '/var', '/var/run', '/var/lib', '/home', '/opt', '/tmp'])(
    'data folder %s is everybody’s',
    (data) => expect(refuseForeign(`${data}/haproxy`, data)).toContain('a folder of the host'),
  );

  test('without a data folder there is nothing of its own', () =>
    expect(refuseForeign('/srv/odyssey/haproxy', undefined)).toContain('ODYSSEY_DATA'));
});

test.each([
  ['/a', true],
  ['/a/b-c/..d', true],
  ['/', false],
  ['/a/', false],
  ['a', false],
  ['/a//b', false],
  ['/a/..', false],
  ['/a\u0000', false],
])('%o is canonical: %s', (path, result) => expect(isCanonical(path)).toBe(result));
