// The supervisor with small real processes: crashes, stubborn ones, grandchildren.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProcessPlan } from '../../../compose/start/plan.ts';
import { type Supervisor, supervise } from '../../../compose/start/supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-supervisor-'));
let lines: string[];
let pids: readonly number[];
let supervisor: Supervisor | undefined;
let logs: string;

beforeEach(() => {
  lines = [];
  pids = [];
});
afterEach(async () => {
  await supervisor?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(...plans: ProcessPlan[]): Supervisor {
  logs = mkdtempSync(join(tmpdir(), 'odyssey-logs-'));
  supervisor = supervise(plans, {
    logsDir: logs,
    stopSeconds: 1,
    say: (line) => lines.push(line),
    remember: (now) => {
      pids = now;
    },
  });
  return supervisor;
}

/** A process of one line of JavaScript; ready once it listens on the port. */
function plan(name: string, script: string, port?: number): ProcessPlan {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    cwd: '/',
    environment: {},
    ports: port === undefined ? [] : [port],
    readyUrls: port === undefined ? [] : [`http://127.0.0.1:${port}/ready`],
    address: 'here',
  };
}

const serve = (port: number) => `require('http').createServer((q, r) => r.end()).listen(${port}, '127.0.0.1');`;
const forEver = 'setInterval(() => {}, 1000);';

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 10_000, interval: 50 }).toBe(true);
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('supervisor', () => {
  test('says when a process is ready, and has its process numbers remembered', async () => {
    const port = await freePort();
    expect(await start(plan('web', serve(port), port)).whenReady(10)).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/^web +ready after \d+\.\d s {2}here$/)]);
    expect(pids).toHaveLength(1);
  });

  test('one that is to come after another starts once that is ready', async () => {
    const [first, second] = [await freePort(), await freePort()];
    const slow = `setTimeout(() => { ${serve(first)} }, 700);`;
    const running = start({ ...plan('second', serve(second), second), after: 'first' }, plan('first', slow, first));
    await until(() => pids.length === 1);
    expect(lines).toEqual([]);
    expect(await running.whenReady(10)).toEqual([]);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['first', 'second']);
  });

  test('one that is to come after what never gets ready starts without it', async () => {
    const [deaf, port] = [await freePort(), await freePort()];
    start(plan('deaf', forEver, deaf), { ...plan('second', serve(port), port), after: 'deaf' });
    await until(() => pids.length === 1);
    await until(() => lines.some((line) => line.startsWith('second')));
  });

  test('what a person is to read is shown beside the address, also after a restart, and is not in the log', async () => {
    const port = await freePort();
    const script = `console.error('Token ' + process.pid + '\\nother'); ${serve(port)}`;
    await start({ ...plan('web', script, port), tells: /^Token / }).whenReady(10);
    const [pid] = pids;
    expect(lines).toEqual([expect.stringMatching(/^web +ready/), `  Token ${pid}`]);
    process.kill(pid!, 'SIGKILL');
    await until(() => lines.length === 5);
    expect(lines.slice(3)).toEqual([expect.stringMatching(/^web +ready again/), `  Token ${pids[0]}`]);
    expect(readFileSync(join(logs, 'web.log'), 'utf8')).toBe('other\nother\n');
  });

  test('names what is not ready at the deadline', async () => {
    const [deaf, port] = [await freePort(), await freePort()];
    const waiting = await start(plan('web', serve(port), port), plan('deaf', forEver, deaf)).whenReady(1.5);
    expect(waiting).toEqual(['deaf']);
  });

  test('a process that is killed comes back and is ready again', async () => {
    const port = await freePort();
    await start(plan('web', serve(port), port)).whenReady(10);
    const [first] = pids;
    process.kill(first!, 'SIGKILL');
    await until(() => lines.some((line) => line.includes('ready again')));
    expect(lines).toContain('web ended (SIGKILL); starting it again in 1 s');
    expect(pids).toHaveLength(1);
    expect(pids[0]).not.toBe(first);
  });

  test('one that crashes at once is started after 1, 2 … seconds, its last words are told, control characters masked', async () => {
    start(plan('broken', "console.error('no \\x1b[31mway'); process.exit(3)"));
    await until(() => lines.some((line) => line.includes('in 2 s')));
    expect(lines.filter((line) => line.startsWith('broken'))).toEqual([
      expect.stringContaining('ready'), // it has no address, so nothing to wait for
      'broken ended (exit code 3); starting it again in 1 s',
      expect.stringContaining('ready again'),
      'broken ended (exit code 3); starting it again in 2 s',
    ]);
    expect(lines).toContain('  its last words: no ·[31mway');
  });

  test('one that refuses its settings is not started again, and all it says of them is told', async () => {
    const says = 'The settings are not usable:\\n  - A=1: give a name\\n  - B is not a setting';
    const running = start(plan('wrong', `console.error('${says}'); process.exit(1)`, await freePort()));
    expect(await running.refused).toBe('refused');
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // a crash would be followed by a new start
    expect(lines).toEqual([
      'wrong refuses to start:',
      '  The settings are not usable:',
      '    - A=1: give a name',
      '    - B is not a setting',
    ]);
    expect(pids).toEqual([]);
  });

  test('a program that is not there is told, and does not end us', async () => {
    start({ ...plan('absent', ''), command: '/nowhere/program' });
    await until(() => lines.some((line) => /absent ended \(.*ENOENT/.test(line)));
  });

  test('stop ends all: the willing, the stubborn and what they started', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); ${forEver}`;
    const parent = `console.log('pid', require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forEver)}]).pid); ${forEver}`;
    const ports = await freePort();
    const running = start(plan('willing', serve(ports), ports), plan('stubborn', stubborn), plan('parent', parent));
    await running.whenReady(10);
    await until(() => pids.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 300)); // the stubborn one must have its handler
    const all = pids.flatMap((pid) => [pid, ...childrenOf(pid)]);
    expect(all).toHaveLength(4);
    await running.stop();
    expect(lines).toContain('stubborn does not stop by itself; killed');
    expect(lines).not.toContain('willing does not stop by itself; killed');
    await until(() => all.every((pid) => !isRunning(pid)));
    expect(pids).toEqual([]);
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
