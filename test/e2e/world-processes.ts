// The processes of the machine with an incident, and the one among them that mines for somebody else.
import type { ProcessFacts, ProcessPage } from '../../core/contracts/processes.ts';
import type { ThreatList } from '../../core/contracts/threat-list.ts';
import type { Threat } from '../../core/contracts/threats.ts';

const hour = 3_600;
const scanGapSeconds = 15;
const began = Date.now() / 1000;
const miner = '/tmp/.cache/kworkerds --url pool.invalid:3333 --user 48edfHu --donate-level 1';

const all: readonly (Omit<ProcessFacts, 'argv'> & { argv: string; hours: number })[] = [
  { pid: 1, comm: 'systemd', exe: '/usr/lib/systemd/systemd', argv: '/sbin/init', uid: 0, cpuCores: 0.001, hours: 900 },
  {
    pid: 812,
    comm: 'dockerd',
    exe: '/usr/bin/dockerd',
    argv: '/usr/bin/dockerd -H fd://',
    uid: 0,
    cpuCores: 0.04,
    hours: 900,
  },
  {
    pid: 2_310,
    comm: 'postgres',
    exe: '/usr/lib/postgresql/17/bin/postgres',
    argv: 'postgres -D /data',
    uid: 999,
    cpuCores: 0.31,
    hours: 212,
  },
  {
    pid: 2_544,
    comm: 'node',
    exe: '/usr/local/bin/node',
    argv: 'node /app/server.mjs',
    uid: 1_000,
    cpuCores: 0.82,
    hours: 26,
  },
  {
    pid: 3_071,
    comm: 'python3',
    exe: '/usr/bin/python3',
    argv: 'python3 -m serve --model large',
    uid: 1_000,
    cpuCores: 1.7,
    hours: 51,
  },
  {
    ...{
      pid: 9_417,
      comm: 'kworkerds',
      exe: '/tmp/.cache/kworkerds',
      argv: miner,
      uid: 33,
      cpuCores: 1.96,
      hours: 0.4,
    },
    exeSha256: 'c0'.repeat(32),
  },
];

/** What is asked of the collector and of the process detector; undefined for any other path. */
export function answerProcesses(pathname: string, instance: string, now: number): ProcessPage | ThreatList | undefined {
  if (pathname === '/v1/processes') {
    const processes = all.map(({ argv, hours, ...one }) => ({
      ...{ ...one, ppid: 1, container: null, argv: argv.split(' ') },
      startedAtSeconds: began - hours * hour,
    }));
    return { instance, takenAtSeconds: now - 4, scanGapSeconds, processes, omitted: 0, nextCursor: null };
  }
  if (pathname !== '/process/v1/threats') return undefined;
  const found = all.at(-1)!;
  const threat: Threat = {
    ...{ pid: found.pid, comm: 'kworkerds', exe: '/tmp/.cache/kworkerds', commandLine: miner, container: null },
    ...{ startedAtSeconds: began - found.hours * hour, tier: 'critical', category: 'crypto_miners', score: 96 },
    techniques: ['T1496'],
    reasons: ['Options of a miner with a pool', 'Runs from a folder that anybody may write', 'Keeps two cores busy'],
  };
  return { reports: [{ instance, takenAtSeconds: now - 4, scanGapSeconds, threats: [threat], omitted: 0 }] };
}
