// The doctor while all runs: what the broker tells of the engine, one visit at a time, and an engine that hangs.
import { expect, test } from 'vitest';
import type { Facts } from '../../../../core/lib/doctor/facts.ts';
import { createDoctor, type DoctorPorts } from '../../../../web/server/doctor/examine.ts';
import { fakeEngine } from '../../../fakes/engine.ts';

const machine: Omit<Facts, 'ports' | 'docker'> = {
  memoryBytes: 4 * 2 ** 30,
  swapBytes: 0,
  disk: { folder: '/data', freeBytes: 2 ** 29, sizeBytes: 2 ** 34, inodesFree: 1e6 },
  kernel: '6.1.0',
  cgroup: { version: 'v2', controllers: ['cpu', 'memory', 'pids'] },
  timeSync: { state: 'unknown' },
  gpu: { kind: 'none' },
  node: 'v26.10.0',
};
const told = <T>(value: T) => Promise.resolve({ ok: true as const, value });
const failing = (kind: 'absent' | 'refused', message: string) => () =>
  Promise.resolve({ ok: false as const, failure: { kind, message } });
const swarm = { LocalNodeState: 'active', ControlAvailable: true };
const engine = {
  ...fakeEngine(),
  version: () => told({ Version: '28.5.2', ApiVersion: '1.51' }),
  info: () =>
    told({ Name: 'n', ServerVersion: '28.5.2', NCPU: 2, MemTotal: 1, LoggingDriver: 'json-file', Swarm: swarm }),
};
engine.swarm = { ...engine.swarm, inspect: () => told({ DefaultAddrPool: ['10.97.0.0/16'] } as never) };

function doctorWith(more: Partial<DoctorPorts> = {}) {
  const time = { now: 100 };
  const asked = { machine: 0 };
  const visit = createDoctor({
    engine,
    async readMachine() {
      asked.machine++;
      return machine;
    },
    readSurroundings: () => ({ logsRotate: false, routes: undefined }),
    unixSeconds: () => 1_800_000_000,
    monotonicSeconds: () => time.now,
    sleep: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    ...more,
  });
  const stateOf = async (name: string) => (await visit()).findings.find((one) => one.name === name);
  return { visit, stateOf, time, asked };
}

test('machine and engine in one report, with what to do; ports are not looked at', async () => {
  const { visit } = doctorWith();
  const { atSeconds, findings } = await visit();
  expect(atSeconds).toBe(1_800_000_000);
  expect(findings.map(({ name, state }) => `${name} ${state}`)).toEqual([
    ...['memory ok', 'swap ok', 'disk fail', 'inodes ok', 'kernel ok', 'cgroups ok', 'docker ok', 'docker logs warn'],
    ...['pool 10.97.0.0/16 unknown', 'time unknown', 'gpu ok', 'node ok'],
  ]);
  expect(findings.find(({ name }) => name === 'disk')?.fix).toContain('Free at least 1 GiB');
});

test.each([
  {
    given: 'no broker',
    failure: failing('absent', 'The broker cannot be reached: its socket is not there, so it does not run.'),
    says: 'no engine found',
  },
  { given: 'a broker that refuses', failure: failing('refused', 'refuses this call'), says: 'refuses this call' },
])('$given is told', async ({ failure, says }) => {
  const { stateOf } = doctorWith({ engine: { ...engine, version: failure } });
  expect(await stateOf('docker')).toMatchObject({ state: 'warn', says: expect.stringContaining(says) });
});

test('an engine that never answers is late, and the rest is told all the same', async () => {
  const never = { ...engine, version: () => new Promise<never>(() => {}) };
  const { visit } = doctorWith({ engine: never, sleep: async () => undefined });
  const { findings } = await visit();
  expect(findings.find(({ name }) => name === 'docker')?.says).toContain('no answer in 6 s');
  expect(findings.find(({ name }) => name === 'memory')?.state).toBe('ok');
});

test('those who ask at once share a visit; a later one looks again', async () => {
  const { visit, time, asked } = doctorWith();
  await Promise.all([visit(), visit(), visit()]);
  time.now += 4;
  await visit();
  expect(asked.machine).toBe(1);
  time.now += 2;
  await visit();
  expect(asked.machine).toBe(2);
});

test('a visit that failed is not kept', async () => {
  let tries = 0;
  const { visit } = doctorWith({
    async readMachine() {
      if (++tries === 1) throw new Error('no such folder');
      return machine;
    },
  });
  await expect(visit()).rejects.toThrow('no such folder');
  expect((await visit()).findings.length).toBeGreaterThan(5);
});
