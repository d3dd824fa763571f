// The doctor's judgement of kernel, cgroups, Docker, clock, GPU and Node.
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../core/contracts/doctor.ts';
import {
  judgeCgroup,
  judgeDocker,
  judgeGpu,
  judgeKernel,
  judgeNode,
  judgeTimeSync,
} from '../../../../core/lib/doctor/environment-findings.ts';
import type { DockerFact } from '../../../../core/lib/doctor/facts.ts';

const engine = (changed: object): DockerFact => ({
  kind: 'engine',
  version: '28.5.2',
  logDriver: 'json-file',
  logsRotate: true,
  ...changed,
});
const controllers = ['cpu', 'memory', 'pids'];
const docker = (fact: DockerFact, line: 0 | 1 | 2 = 0) => judgeDocker(fact)[line]!;

const cases: { given: string; finding: Finding; expected: Finding['state']; says: string }[] = [
  { given: 'a kernel of Debian 12', finding: judgeKernel('6.1.0-13-amd64'), expected: 'ok', says: '6.1.0-13-amd64' },
  {
    given: 'a pool that leads out',
    finding: docker(engine({ pools: [{ pool: '10.97.0.0/16', refused: false }] }), 2),
    expected: 'warn',
    says: 'packets from one environment to another’s addresses leave this host by its default route',
  },
  {
    given: 'a pool that is refused',
    finding: docker(engine({ pools: [{ pool: '10.97.0.0/16', refused: true }] }), 2),
    expected: 'ok',
    says: 'packets between environments do not leave this host',
  },
  {
    given: 'routes that cannot be read',
    finding: docker(engine({ pools: [{ pool: '10.97.0.0/16', refused: undefined }] }), 2),
    expected: 'unknown',
    says: 'the routes of this host cannot be read',
  },
  { given: 'kernel 5.4', finding: judgeKernel('5.4.0'), expected: 'ok', says: '5.4.0' },
  { given: 'kernel 4.19', finding: judgeKernel('4.19.0'), expected: 'warn', says: '4.19.0' },
  { given: 'no kernel version', finding: judgeKernel('?'), expected: 'unknown', says: '?' },
  {
    given: 'cgroups v2',
    finding: judgeCgroup({ version: 'v2', controllers }),
    expected: 'ok',
    says: 'v2 with cpu, memory, pids',
  },
  {
    given: 'cgroups v1',
    finding: judgeCgroup({ version: 'v1', controllers }),
    expected: 'warn',
    says: 'v1 with cpu, memory, pids',
  },
  {
    given: 'v2 without memory',
    finding: judgeCgroup({ version: 'v2', controllers: ['cpu', 'pids'] }),
    expected: 'warn',
    says: 'v2 with cpu, pids',
  },
  {
    given: 'no cgroups',
    finding: judgeCgroup({ version: 'none', controllers: [] }),
    expected: 'warn',
    says: 'not mounted',
  },
  { given: 'no Docker', finding: docker({ kind: 'absent' }), expected: 'warn', says: 'no engine found' },
  {
    given: 'a locked socket',
    finding: docker({ kind: 'refused', reason: 'EACCES' }),
    expected: 'warn',
    says: 'EACCES',
  },
  { given: 'Docker 28', finding: docker(engine({})), expected: 'ok', says: 'engine 28.5.2' },
  {
    given: 'Docker 20',
    finding: docker(engine({ version: '20.10.24+dfsg1' })),
    expected: 'warn',
    says: 'engine 20.10.24+dfsg1',
  },
  { given: 'logs that rotate', finding: docker(engine({}), 1), expected: 'ok', says: 'json-file with max-size' },
  {
    given: 'logs without end',
    finding: docker(engine({ logsRotate: false }), 1),
    expected: 'warn',
    says: 'until the disk is full',
  },
  {
    given: 'an unreadable daemon.json',
    finding: docker(engine({ logsRotate: undefined }), 1),
    expected: 'unknown',
    says: 'cannot be read',
  },
  { given: 'log driver local', finding: docker(engine({ logDriver: 'local' }), 1), expected: 'ok', says: 'local' },
  {
    given: 'no word of the driver',
    finding: docker(engine({ logDriver: undefined }), 1),
    expected: 'unknown',
    says: 'does not say',
  },
  {
    given: 'a clock in step',
    finding: judgeTimeSync({ state: 'yes', by: 'chrony' }),
    expected: 'ok',
    says: 'synchronised by chrony',
  },
  { given: 'a clock out of step', finding: judgeTimeSync({ state: 'no' }), expected: 'warn', says: 'not synchronised' },
  {
    given: 'nobody who knows',
    finding: judgeTimeSync({ state: 'unknown' }),
    expected: 'unknown',
    says: 'nothing here says',
  },
  { given: 'no GPU', finding: judgeGpu({ kind: 'none' }), expected: 'ok', says: 'none' },
  { given: 'a GPU', finding: judgeGpu({ kind: 'gpus', names: ['H100, 580'] }), expected: 'ok', says: 'H100, 580' },
  {
    given: 'a GPU that hangs',
    finding: judgeGpu({ kind: 'silent', reason: 'no answer in 3 s' }),
    expected: 'warn',
    says: 'no answer in 3 s',
  },
  {
    given: 'a card without driver',
    finding: judgeGpu({ kind: 'no-driver' }),
    expected: 'warn',
    says: 'without nvidia-smi',
  },
  {
    given: 'a card that a container was not given',
    finding: judgeGpu({ kind: 'elsewhere' }),
    expected: 'unknown',
    says: 'does not see',
  },
  { given: 'the pinned Node', finding: judgeNode('v26.10.0'), expected: 'ok', says: 'v26.10.0' },
  { given: 'another Node', finding: judgeNode('v24.1.0'), expected: 'warn', says: 'v24.1.0' },
];

describe('doctor: surroundings', () => {
  test.each(cases)('$given → $expected', ({ finding, expected, says }) => {
    expect(finding.state).toBe(expected);
    expect(finding.says).toContain(says);
    // What is unknown may have a fix: a way to make it known.
    if (expected !== 'unknown') expect(finding.fix !== undefined).toBe(expected === 'warn');
    if (finding.name === 'time' && expected !== 'ok') expect(finding.fix).toContain('chrony');
  });

  test('without an engine nothing is said about its logs', () => {
    expect(judgeDocker({ kind: 'absent' })).toHaveLength(1);
  });
});
