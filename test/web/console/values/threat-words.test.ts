// Threats in words: what is allowed waits for nobody, and a machine without a report is unknown.
import { expect, test } from 'vitest';
import {
  countedThreats,
  meaningOfTier,
  type Threats,
  threatGroup,
  threatsUnknown,
  wordsOf,
} from '../../../../web/console/values/threat-words.ts';

const threat = { pid: 7, tier: 'medium', category: 'reverse_shells', score: 50, techniques: [], reasons: [] } as const;
const report = { instance: 'h1', takenAtSeconds: 1, scanGapSeconds: 5, omitted: 0 };
const told = (...more: object[]): Threats =>
  ({
    state: 'known',
    items: [{ ...report, threats: more.map((one) => ({ ...threat, commandLine: 'sh', ...one })) }],
  }) as unknown as Threats;

test('only what nobody has allowed is counted', () => {
  expect(countedThreats(told({}, { allowedBy: 'e1' }))).toHaveLength(1);
});
test.each([
  { given: told(), why: undefined },
  { given: { state: 'known', items: [] } as Threats, why: expect.stringContaining('No machine') },
  { given: { state: 'unknown', reason: 'gone' } as Threats, why: 'gone' },
])('$given.state: $why', ({ given, why }) => {
  expect(threatsUnknown(given)).toEqual(why);
});
test('each has a mark that says where and what', () => {
  expect(threatGroup(told({ exe: '/bin/sh' }), '').tiles[0]).toMatchObject({
    ...{ name: '/bin/sh', meaning: 'warning', words: 'looks like a reverse shell' },
  });
  expect(threatGroup(undefined, 'not read yet').unknown).toBe('not read yet');
});
test('tiers weigh as they are called', () => {
  expect((['critical', 'medium', 'low'] as const).map(meaningOfTier)).toEqual(['critical', 'warning', 'notice']);
  expect(wordsOf('privilege_escalation')).toBe('privilege escalation');
});
