// A folder is mounted only as it really is on the disk: Odyssey's own, without links on the way, without a socket that is not HAProxy's.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  checkBinds as checkWith,
  type HostFiles,
  refuseFolder as refuseWith,
} from '../../../web/broker/bind-folder.ts';
import { hostFiles } from '../../../web/broker/broker.ts';
import type { Bind } from '../../../web/broker/policy.ts';

const refuseFolder = (path: string) => refuseWith(hostFiles, path);
const checkBinds = (binds: readonly Bind[], folder: string, sockets: readonly string[]) =>
  checkWith(hostFiles, binds, folder, sockets);

let data: string;
let servers: Server[];

beforeEach(() => {
  data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-')));
  servers = [];
  for (const folder of ['haproxy/maps', 'run/haproxy', 'run/broker', 'engine'])
    mkdirSync(join(data, folder), { recursive: true });
  writeFileSync(join(data, 'haproxy/haproxy.cfg'), 'global\n');
});
afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(data, { recursive: true, force: true });
});

async function listenAt(path: string): Promise<void> {
  const server = createServer();
  servers.push(server);
  mkdirSync(dirname(join(data, path)), { recursive: true });
  await new Promise<void>((resolve) => server.listen(join(data, path), resolve));
}

const bind = (part: string) => ({ source: join(data, part), readOnly: true });
const check = (...parts: string[]) => checkBinds(parts.map(bind), data, [join(data, 'run/broker/write.sock')]);

describe('at the start', () => {
  test('the two folders of the ingress are taken, with HAProxy’s sockets in them', async () => {
    for (const name of ['admin.sock', 'master.sock', 'requests.sock', 'admin.sock.17.tmp', 'master.sock.17.bak'])
      await listenAt(`run/haproxy/${name}`);
    expect(() => check('haproxy', 'run/haproxy')).not.toThrow();
  });

  test('nothing listed needs no data folder', () => expect(() => checkBinds([], '/not/there', [])).not.toThrow());

  test('a data folder behind a link is judged where it really is', () => {
    symlinkSync(data, join(data, 'engine/link'));
    expect(() => checkBinds([bind('haproxy')], join(data, 'engine/link'), [])).not.toThrow();
    const named = { source: join(data, 'engine/link/haproxy'), readOnly: true };
    expect(() => checkBinds([named], join(data, 'engine/link'), [])).toThrow(/may be listed/);
  });

  test.each(['run/haproxy/docker.sock', 'run/haproxy/deeper/admin.sock', 'haproxy/maps/containerd.sock'])(
    'the socket %s stops it',
    async (path) => {
      await listenAt(path);
      expect(() => check('haproxy', 'run/haproxy')).toThrow(`it holds the socket ${join(data, path)}`);
    },
  );

  test.each(['', 'run', 'run/broker', 'engine', 'haproxy/maps'])('the folder %o of the data stops it', (part) => {
    expect(() => check(part)).toThrow(/BROKER_BINDS/);
  });

  test.each([
    ...['/', '/home', '/opt', '/run', '/run/containerd', '/run/crio', '/run/podman', '/run/user/1000', '/run/systemd'],
    ...['/run/dbus', '/var/spool/cron', '/var/lib/kubelet', '/var/lib/containers', '/srv', '/tmp', '/mnt/disk'],
  ])('%s of the host stops it', (source) => {
    expect(() => checkBinds([{ source, readOnly: true }], data, [])).toThrow(`BROKER_BINDS ${source}`);
  });

  test('each problem is told', () => expect(() => check('run', 'engine')).toThrow(/run: .*\n.*engine: /));
});

describe('the folder itself', () => {
  test('a link in the place of the folder, or above it', () => {
    rmSync(join(data, 'haproxy'), { recursive: true });
    symlinkSync('/etc', join(data, 'haproxy'));
    symlinkSync(join(data, 'run'), join(data, 'link'));
    expect(refuseFolder(join(data, 'haproxy'))).toContain('symbolic link');
    expect(refuseFolder(join(data, 'link/haproxy'))).toContain('symbolic link');
  });

  test('a file, or nothing, in its place', () => {
    expect(refuseFolder(join(data, 'haproxy/haproxy.cfg'))).toContain('is no folder');
    expect(refuseFolder(join(data, 'absent'))).toContain('is no folder');
  });

  test('a link inside leads nowhere but into the container', () => {
    symlinkSync('/etc', join(data, 'haproxy/link'));
    expect(refuseFolder(join(data, 'haproxy'))).toBeUndefined();
  });

  test.each<[string, Record<string, ReturnType<HostFiles['list']>>, string]>([
    ['a device', { '/d': { device: 1, entries: [{ name: 'sda', kind: 'device' }] } }, 'it holds the device /d/sda'],
    [
      'another file system',
      {
        '/d': { device: 1, entries: [{ name: 'host', kind: 'folder' }] },
        '/d/host': { device: 2, entries: [] },
      },
      'another file system is mounted at /d/host',
    ],
    [
      'a folder that is closed',
      { '/d': { device: 1, entries: [{ name: 'closed', kind: 'folder' }] } },
      '/d/closed is no folder that can be looked at',
    ],
    [
      'a tree without end',
      {
        '/d': {
          device: 1,
          entries: Array.from({ length: 20_001 }, (_, n) => ({ name: `${n}`, kind: 'other' as const })),
        },
      },
      'it holds more than 20000 files',
    ],
  ])('%s in it', (_name, tree, said) => {
    expect(refuseWith({ realPath: (path) => path, list: (path) => tree[path] }, '/d')).toBe(said);
  });

  test('a path that is not there has no real one', () => {
    expect(hostFiles.realPath(join(data, 'absent'))).toBeUndefined();
    expect(hostFiles.realPath(data)).toBe(data);
  });
});
