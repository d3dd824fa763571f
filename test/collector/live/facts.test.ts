// The facts of a process: what tells an intruder, redacted, and absent where it could not be read.
import { describe, expect, test } from 'vitest';
import { parseConnections } from '../../../collector/live/connections.ts';
import { argvLengthMax, parseArgv } from '../../../collector/live/facts.ts';
import { fileError } from '../../fakes/machine.ts';
import { addContainer } from '../sources/containers/host.ts';
import { addProcess, type Process, setup, tcp } from './host.ts';

describe('facts of a process', () => {
  test('what it is, in the shape of the contract', async () => {
    const { host, page } = setup();
    addProcess(host, 10, {
      fds: ['/dev/null', 'socket:[5001]', '/log', 'socket:[5002]'],
      environ: 'A=1\0LD_PRELOAD=/tmp/x.so\0SECRET=hunter2\0',
    });
    const { processes, instance, nextCursor, scanGapSeconds } = await page();
    expect({ instance, nextCursor, scanGapSeconds }).toEqual({
      instance: 'node-1',
      nextCursor: null,
      scanGapSeconds: 0,
    });
    expect(processes).toEqual([
      {
        pid: 10,
        ppid: 1,
        startedAtSeconds: 1_700_000_001,
        comm: 'app',
        exe: '/usr/bin/app',
        exeDeleted: false,
        argv: ['app10', '--port', '10'],
        kernelThread: false,
        uid: 1000,
        euid: 0,
        container: null,
        stdioIsOneSocket: false,
        listeningPorts: [8080],
        remotePorts: [4444],
        ldPreload: '/tmp/x.so',
      },
    ]);
    expect(JSON.stringify(processes)).not.toContain('hunter2');
  });

  test.each([
    [
      'a reverse shell',
      { fds: ['socket:[5002]', 'socket:[5002]', 'socket:[5002]'] },
      { stdioIsOneSocket: true, stdioPeer: '13.12.11.10:4444', remotePorts: [4444] },
    ],
    ['three sockets', { fds: ['socket:[1]', 'socket:[2]', 'socket:[3]'] }, { stdioIsOneSocket: false }],
    ['a deleted program', { exe: '/tmp/x (deleted)' }, { exe: '/tmp/x', exeDeleted: true }],
    ['a program in memory', { exe: '/memfd:payload (deleted)' }, { exe: '/memfd:payload', exeDeleted: true }],
    [
      'another name than its program',
      { comm: 'kworker/0:1', exe: '/tmp/miner' },
      { comm: 'kworker/0:1', exe: '/tmp/miner', kernelThread: false },
    ],
    ['a secret in its arguments', { cmdline: 'mysql\0-phunter2\0' }, { argv: ['mysql', '-p[redacted]'] }],
  ] as const)('%s', async (_, process, facts) => {
    const { host, page } = setup();
    addProcess(host, 10, process as Process);
    expect((await page()).processes[0]).toMatchObject(facts);
  });

  test('what may not be looked into is absent, not false', async () => {
    const { host, page } = setup();
    addProcess(host, 10, { environ: fileError('EACCES'), fds: [] });
    host.machine.listIfThere = () => {
      throw fileError('EACCES');
    };
    const [facts] = (await page()).processes;
    for (const key of ['stdioIsOneSocket', 'listeningPorts', 'remotePorts', 'ldPreload'])
      expect(facts).not.toHaveProperty(key);
  });

  test('a kernel thread', async () => {
    const { host, page } = setup();
    addProcess(host, 2, { comm: 'kthreadd', flags: 0x20_8040, cmdline: '' });
    expect((await page()).processes[0]).toEqual({
      pid: 2,
      ppid: 1,
      startedAtSeconds: 1_700_000_001,
      comm: 'kthreadd',
      argv: [],
      kernelThread: true,
      container: null,
    });
  });

  test('its container, and whether its program came with the image', async () => {
    const { host, containers, page } = setup();
    const id = addContainer(host, 2, 'web', 10);
    addProcess(host, 10, { exe: '/usr/bin/miner' });
    host.files['/proc/10/mountinfo'] =
      '1 2 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/data/up,workdir=/w\n';
    host.files['/data/up/usr/bin/miner'] = '';
    await containers.engine.source.read(host.machine);
    expect((await page()).processes[0]).toMatchObject({
      container: { id, name: 'web', image: 'tiny:1', hostMounts: [] },
      exeOutsideImage: true,
    });
  });

  test('cores in use since the snapshot before', async () => {
    const { host, page } = setup();
    addProcess(host, 10);
    expect((await page()).processes[0]).not.toHaveProperty('cpuCores');
    addProcess(host, 10, { ticks: 250 });
    expect((await page()).processes[0]!.cpuCores).toBeCloseTo(0.5);
  });

  test('a 2 MB command line is cut, quickly', () => {
    const started = performance.now();
    const { argv, argvTruncated } = parseArgv(`sh\0-c\0${'echo hello; '.repeat(170_000)}\0`);
    expect(performance.now() - started).toBeLessThan(200);
    expect(argvTruncated).toBe(true);
    expect(argv.join('').length).toBeLessThanOrEqual(argvLengthMax);
    expect(parseArgv('a\0\0b\0')).toEqual({ argv: ['a', '', 'b'], argvTruncated: false });
    expect(parseArgv('')).toEqual({ argv: [], argvTruncated: false });
  });
});

describe('connections', () => {
  test('of both families, by inode', () => {
    expect([...parseConnections(tcp)]).toEqual([
      ['5001', { listening: true, established: false, localPort: 8080, remotePort: 0, remote: '0.0.0.0:0' }],
      [
        '5002',
        { listening: false, established: true, localPort: 50_000, remotePort: 4444, remote: '13.12.11.10:4444' },
      ],
    ]);
    const six = (address: string) =>
      parseConnections(`h\n 0: ${'0'.repeat(32)}:0016 ${address}:0050 01 0:0 0:0 0 0 0 7 1\n`).get('7')!.remote;
    expect(six('00000000000000000000000001000000')).toBe('[::1]:80');
    expect(six('0000000000000000FFFF00000100007F')).toBe('127.0.0.1:80');
    expect(six('B80D0120000000000000000001000000')).toBe('[2001:db8::1]:80');
    expect(() => parseConnections('h\n 0: zz:1 00000000:0000 01 0 0 0 0 0 7\n')).toThrow();
  });
});
