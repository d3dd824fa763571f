// A folder of the host is mounted only where it is listed, exactly, without links, and where it cannot lead to the host itself.
import { describe, expect, test } from 'vitest';
import { allowsBind, isCanonical, type Policy, refuseBind } from '../../../web/broker/policy.ts';

const links: Record<string, string> = { '/srv/odyssey/link': '/etc' };
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
  realPath: (path) => (path.endsWith('unseen') ? undefined : (links[path] ?? path)),
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
  test.each(['/srv/odyssey/haproxy', '/srv/odyssey/run/haproxy', '/data/x'])('%s', (source) => {
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
    ...['srv', '/srv/', '/srv//x', '/srv/./x', '/srv/../x', ''],
  ])('not %o', (source) => expect(refuseBind(source, sockets)).toEqual(expect.any(String)));
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
