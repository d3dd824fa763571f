// npm start as a person meets it: everything real, on ports and in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { root } from '../../../compose/place.ts';
import { startDockerEngine } from '../../engine/docker-engine.ts';
import { engines, enginesFolder } from '../../engines.ts';

const data = mkdtempSync(join(tmpdir(), 'odyssey-start-'));
mkdirSync(data, { recursive: true });
if (existsSync(enginesFolder)) symlinkSync(enginesFolder, join(data, 'engine'));
/** Below the ports that the kernel gives to connections, and apart from those of other tests. */
const portBase = 10_050 + (process.pid % 130) * 100;
const ready = 'Odyssey runs. Ctrl-C stops it.';
let last: Started | undefined;

afterEach(async () => {
  if (last?.child.exitCode === null && last.child.signalCode === null) last.child.kill('SIGTERM');
  await last?.ended;
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  /** What it printed so far, both streams. */
  text(): string;
  ended: Promise<number | null>;
}

function start(...options: string[]): Started {
  return startWith({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }, ...options);
}

function startWith(environment: Record<string, string>, ...options: string[]): Started {
  const args = ['compose/start.mjs', 'start', '--data', data, '--port-base', String(portBase), ...options];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  last = { child, text: () => text, ended };
  return last;
}

async function says(started: Started, words: string | RegExp): Promise<void> {
  await expect.poll(started.text, { timeout: 60_000, interval: 100 }).toMatch(words);
}

interface Running {
  pid: number;
  command: string;
}

/** Processes that name our data folder in their command line or environment. */
function ours(): Running[] {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // ended meanwhile
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => `${read(pid, 'cmdline')}${read(pid, 'environ')}`.includes(data))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline') }));
}

function pidOf(part: string, running: readonly Running[]): number {
  const found = running.filter(({ command }) => command.includes(part));
  expect(found).toHaveLength(1);
  return found[0]!.pid;
}

describe.skipIf(engines.length === 0)('npm start', { timeout: 120_000 }, () => {
  test('--once starts all, sees every port answer, stops, ends with 0 within a minute', async () => {
    const began = performance.now();
    const once = start('--once');
    expect(await once.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(60_000);
    for (const name of ['prometheus', 'alertmanager', 'collector', 'control-plane', 'detectors'])
      expect(once.text()).toMatch(new RegExp(`^${name} +ready after`, 'm'));
    expect(ours()).toEqual([]);
    expect(readFileSync(join(data, 'run/collector.token'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(data, 'run/collector.token')).mode & 0o777).toBe(0o640);
    expect(once.text()).toContain('The broker is left out: no Docker engine was found.');
  });

  test('the set-up token is shown beside the console’s address, is no line of a log, and makes the first admin', async () => {
    const first = start();
    await says(first, ready);
    const at = `http://127.0.0.1:${8080 + portBase}`;
    const shown = /control-plane ready after .* s {2}(http:\S+)\n {2}Set-up token [^:]*: (\S+)\n {2}Open (\S+)\n/;
    const [, address, token, page] = shown.exec(first.text())!;
    expect([address, page]).toEqual([`${at}/`, `${at}/setup`]);
    expect(readFileSync(join(data, 'logs/control-plane.log'), 'utf8')).not.toContain(token);
    const body = JSON.stringify({ token, name: 'first', password: 'correct horse battery staple' });
    const headers = { 'content-type': 'application/json', origin: at };
    const made = await fetch(`${at}/api/v1/setup`, { method: 'POST', headers, body });
    expect({ status: made.status, text: made.ok ? '' : await made.text() }).toEqual({ status: 201, text: '' });
    first.child.kill('SIGTERM');
    await first.ended;

    const second = start('--once');
    expect(await second.ended).toBe(0);
    expect(second.text()).not.toContain('Set-up token');
  });

  test('Prometheus reaches every target, the detectors reach the control plane', async () => {
    const first = start();
    await says(first, ready);
    const up = async () => {
      const answer = await fetch(`http://127.0.0.1:${9090 + portBase}/api/v1/query?query=up`);
      const { data: found } = (await answer.json()) as {
        data: { result: { metric: { job: string }; value: [number, string] }[] };
      };
      return found.result.map(({ metric, value }) => `${metric.job} ${value[1]}`).sort();
    };
    const all = ['alertmanager 1', 'control-plane 1', ...Array(4).fill('detectors 1'), 'node 1', 'prometheus 1'];
    await expect.poll(up, { timeout: 40_000, interval: 500 }).toEqual(all);
    const answer = await fetch(`http://127.0.0.1:${9406 + portBase}/metrics`);
    expect(await answer.text()).toMatch(/^anomaly_feedback_failures_total\{.*\} 0$/m);
  });

  test('a second one on the same folder is refused, killed children come back, Ctrl-C leaves nothing', async () => {
    const first = start();
    await says(first, ready);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.text()).toMatch(/already running on .*: process \d+ holds it/);

    for (const name of ['collector/main.ts', 'bin/prometheus ']) process.kill(pidOf(name, ours()), 'SIGKILL');
    await says(first, /collector +ready again/);
    await says(first, /prometheus +ready again/);

    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(ours()).toEqual([]);
  });

  test('what a killed supervisor left running is ended by the next start', async () => {
    const first = start();
    await says(first, ready);
    process.kill(pidOf('compose/start/main.ts', ours()), 'SIGKILL');
    expect(await first.ended).toBe(137);
    const orphans = ours();
    expect(orphans).toHaveLength(5);

    const next = start('--once');
    expect(await next.ended).toBe(0);
    expect(next.text()).toContain('Ending 5 processes that an earlier start left behind.');
    expect(ours()).toEqual([]);
  });

  test('when the way in is killed the rest ends by itself', async () => {
    const first = start();
    await says(first, ready);
    first.child.kill('SIGKILL');
    await first.ended;
    await expect.poll(() => ours().length, { timeout: 20_000, interval: 200 }).toBe(0);
  });

  test('a wrong setting is told with all its mistakes, and ends it with 1', async () => {
    const wrong = startWith({ DOCKER_HOST: 'unix:///nowhere/docker.sock', DETECTOR_TICK: 'abc', DETECTOR_FOO: '1' });
    expect(await wrong.ended).toBe(1);
    expect(wrong.text()).toMatch(
      /detectors refuses to start:[\s\S]*DETECTOR_TICK="abc"[\s\S]*DETECTOR_FOO is not a setting/,
    );
    expect(wrong.text().match(/DETECTOR_FOO is not/g)).toHaveLength(1);
    expect(wrong.text()).not.toContain('starting it again');
    expect(ours()).toEqual([]);
  });

  test('--once that is stopped while it prepares ends with 1 and says so', async () => {
    const once = start('--once');
    await says(once, /to look at/); // the doctor's summary, before the engines
    once.child.kill('SIGINT');
    expect(await once.ended).toBe(1);
    expect(once.text()).toMatch(/Stopped before anything was started|Every process has ended/);
    expect(ours()).toEqual([]);
  });

  test('--help prints the options and starts nothing', async () => {
    const help = start('--help');
    expect(await help.ended).toBe(0);
    expect(help.text()).toMatch(/--data DIR[\s\S]*--port-base N[\s\S]*--once/);
  });

  test('a data folder that cannot be made is told with what to do', async () => {
    const refused = start('--data', '/dev/null/nowhere');
    expect(await refused.ended).toBe(1);
    expect(refused.text()).toMatch(/^\/dev\/null\/nowhere cannot be written .*--data DIR\.\n$/);
  });

  test('a taken port is named with its owner, and nothing is started', async () => {
    const { createServer } = await import('node:net');
    const server = createServer().listen(9401 + portBase, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const refused = start();
    expect(await refused.ended).toBe(1);
    server.close();
    expect(refused.text()).toContain(`port ${9401 + portBase}`);
    expect(refused.text()).toContain(`process ${process.pid}`);
    expect(refused.text()).toContain('--port-base');
    expect(ours()).toEqual([]);
  });
});

describe.skipIf(engines.length === 0)('npm start beside a Docker engine', { timeout: 180_000 }, () => {
  test('the broker stands before it: containers are measured by name, and nobody else is told of its socket', async (context) => {
    const docker = await startDockerEngine();
    if (docker.kind === 'absent') return context.skip(docker.reason);
    const { engine } = docker;
    try {
      const body = { Image: engine.imageId, Cmd: ['/bin/sleep', '600'], HostConfig: { NetworkMode: 'none' } };
      const created = await engine.ask('POST', '/containers/create?name=watched', body);
      await engine.ask('POST', `/containers/${JSON.parse(created.text).Id}/start`);
      const first = startWith({ DOCKER_HOST: `unix://${engine.socketPath}` });
      await says(first, ready);
      expect(first.text()).toMatch(/broker +ready after[\s\S]*collector +ready after/);
      const metrics = async (port: number) => (await fetch(`http://127.0.0.1:${port + portBase}/metrics`)).text();
      await expect
        .poll(() => metrics(9401), { timeout: 30_000, interval: 500 })
        .toMatch(/^container_memory_usage_bytes\{.*name="watched"/m);
      expect(await metrics(9402)).toMatch(/^broker_docker_up 1$/m);
      const telling = ours().filter(({ pid }) => environmentOf(pid).includes(engine.socketPath));
      const programs = telling.map(({ command }) =>
        /\S+\/(main\.ts|start\.mjs)/.exec(command)?.[0].replace(`${root}/`, ''),
      );
      expect(programs.sort()).toEqual(['compose/start.mjs', 'compose/start/main.ts', 'web/broker/main.ts']);
      first.child.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      expect(ours()).toEqual([]);
    } finally {
      await engine.ask('DELETE', '/containers/watched?force=1&v=1').catch(() => undefined);
      await engine.stop();
    }
  });
});

function environmentOf(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, 'utf8');
}
