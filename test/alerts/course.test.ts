// The course of an alert in its tests: what counts as shown, and what is missed.
import { describe, expect, test } from 'vitest';
import { missingOf, secondsOf } from './course.ts';

const silentAt = (eval_time: string) => ({ eval_time, alertname: 'Hot', exp_alerts: [] });
const firesAt = (eval_time: string) => ({ eval_time, alertname: 'Hot', exp_alerts: [{}] });

describe('the course of an alert', () => {
  test.each([
    { shown: 'all of it', checks: [[silentAt('9m'), firesAt('16m'), silentAt('37m')]], missing: [] },
    {
      shown: 'nothing after it',
      checks: [[silentAt('9m'), firesAt('16m'), firesAt('36m45s')]],
      missing: ['resolved after'],
    },
    { shown: 'nothing before it', checks: [[firesAt('16m'), silentAt('37m')]], missing: ['silent before'] },
    {
      shown: 'a silence between two fires only',
      checks: [[firesAt('16m'), silentAt('20m'), firesAt('1h')]],
      missing: ['silent before', 'resolved after'],
    },
    {
      shown: 'its parts in two tests',
      checks: [[silentAt('9m'), firesAt('16m')], [silentAt('37m')]],
      missing: ['resolved after'],
    },
    { shown: 'silence', checks: [[silentAt('9m')]], missing: ['fires', 'silent before', 'resolved after'] },
    { shown: 'another alert', checks: [[{ ...firesAt('9m'), alertname: 'Cold' }]], missing: ['any test'] },
  ])('$shown → $missing', ({ checks, missing }) => {
    expect(missingOf({ tests: checks.map((alert_rule_test) => ({ alert_rule_test })) }, 'Hot')).toEqual(missing);
  });

  test('the watchdog needs to fire only', () => {
    const fires = { ...firesAt('1m'), alertname: 'Watchdog' };
    expect(missingOf({ tests: [{ alert_rule_test: [fires] }] }, 'Watchdog')).toEqual([]);
    expect(missingOf({ tests: [] }, 'Watchdog')).toEqual(['any test']);
  });

  test.each([
    ['36m45s', 2205],
    ['26h', 93_600],
    ['1d2m', 86_520],
  ])('%s is %i seconds', (time, seconds) => {
    expect(secondsOf(time)).toBe(seconds);
  });
});
