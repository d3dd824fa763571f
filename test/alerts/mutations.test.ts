// The mutants of alert rules: what is changed, what is left alone, and what of a family's files concerns one alert.
import { describe, expect, test } from 'vitest';
import { mutantsOf, sliceOf } from './mutations.ts';

describe('mutants', () => {
  test.each([
    {
      rule: { alert: 'A', expr: 'a{mode!="0"} >= 85', for: '5m', keep_firing_for: '1h30m' },
      changes: [
        'no for',
        'for 5m becomes 15m',
        'no keep_firing_for',
        'keep_firing_for 1h30m becomes 3h90m',
        'threshold 1: >= 85 becomes >= 136',
        'threshold 1: >= 85 becomes >= 42.5',
      ],
    },
    {
      rule: { alert: 'A', expr: 'a / (b > 0) > 0.95' },
      changes: [
        'threshold 1: > 0 becomes > 1000000000000000000',
        'threshold 2: > 0.95 becomes > 1.52',
        'threshold 2: > 0.95 becomes > 0.475',
      ],
    },
    {
      rule: { alert: 'A', expr: 'a - time() <14 * 86400' },
      changes: ['threshold 1: <14 becomes <22.4', 'threshold 1: <14 becomes <7'],
    },
    { rule: { alert: 'A', expr: 'a < (b offset 10m) and on (c) rate(d[5m])' }, changes: [] },
  ])('$rule.expr', ({ rule, changes }) => {
    expect(mutantsOf(rule).map(({ change }) => change)).toEqual(changes);
  });

  test('each differs from the rule in that one thing', () => {
    const rule = { alert: 'A', expr: 'a > 1 or b > 1', for: '5m', labels: { severity: 'info' } };
    expect(mutantsOf(rule).map((mutant) => mutant.rule)).toEqual([
      { alert: 'A', expr: 'a > 1 or b > 1', labels: { severity: 'info' } },
      { ...rule, for: '15m' },
      { ...rule, expr: 'a > 1.6 or b > 1' },
      { ...rule, expr: 'a > 0.5 or b > 1' },
      { ...rule, expr: 'a > 1 or b > 1.6' },
      { ...rule, expr: 'a > 1 or b > 0.5' },
    ]);
  });
});

test('the slice of an alert holds its rule and what is asked of it, nothing else', () => {
  const [hot, cold] = [
    { alert: 'Hot', expr: 'a > 1' },
    { alert: 'Cold', expr: 'a < 1' },
  ];
  const asked = { alertname: 'Hot', eval_time: '1m', exp_alerts: [] };
  const counted = { expr: 'count(ALERTS{alertname="Hot",alertstate="firing"})', eval_time: '1m' };
  const tests = [
    { name: 'both', alert_rule_test: [asked, { ...asked, alertname: 'Cold' }], promql_expr_test: [counted] },
    { name: 'the other', alert_rule_test: [{ ...asked, alertname: 'Cold' }] },
  ];
  const groups = [
    { name: 'g', rules: [hot, cold] },
    { name: 'h', interval: '1m', rules: [cold] },
  ];
  expect(sliceOf({ rules: { groups }, tests: { rule_files: ['x'], tests } }, 'Hot')).toEqual({
    rules: { groups: [{ name: 'g', rules: [hot] }] },
    tests: { rule_files: ['x'], tests: [{ name: 'both', alert_rule_test: [asked], promql_expr_test: [counted] }] },
  });
});
