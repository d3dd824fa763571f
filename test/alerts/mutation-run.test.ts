// Mutants under a real promtool: tests at the edges notice each of them, lax tests let them pass by name, broken ones say nothing. All rules are run by `npm run prove`.
import { describe, expect, test } from 'vitest';
import { type Family, findMutationTool, readFamily, runMutants } from './mutation-run.ts';

const promtool = findMutationTool();
const slow = { timeout: 120_000 };

/** One alert that waits 5 minutes, with a value that is 84 or 90 and what is expected of it at these minutes. */
function family(silent: readonly number[], firing: readonly number[]): Family {
  const check = (minute: number, exp_alerts: unknown[]) => ({ eval_time: `${minute}m`, alertname: 'Hot', exp_alerts });
  const tests = {
    rule_files: ['rules.yml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [{ series: 'celsius', values: '84x9 90x10 84x10' }],
        alert_rule_test: [...silent.map((minute) => check(minute, [])), ...firing.map((minute) => check(minute, [{}]))],
      },
    ],
  };
  const rule = { alert: 'Hot', expr: 'celsius >= 85', for: '5m', keep_firing_for: '3m' };
  return { rules: { groups: [{ name: 'g', rules: [rule] }] }, tests };
}

describe.skipIf(promtool === undefined)('mutants', () => {
  test('tests at the edges notice all', slow, async () => {
    const atEdges = family([9, 14, 24], [15, 23]);
    expect(await runMutants(promtool!, atEdges)).toEqual({ killed: 6, survivors: [] });
  });

  test('tests in the middle let pass what begins and ends at another time', slow, async () => {
    expect(await runMutants(promtool!, family([5, 30], [20]))).toEqual({
      killed: 3,
      survivors: ['Hot: no for', 'Hot: no keep_firing_for', 'Hot: keep_firing_for 3m becomes 9m'],
    });
  });

  test('tests that fail without any change say nothing about mutants', slow, async () => {
    await expect(runMutants(promtool!, family([20], []))).rejects.toThrow('the tests of Hot fail as they are');
  });

  test('of our own rules three', slow, async () => {
    const checked = [
      await runMutants(promtool!, readFamily('thermal-power'), ['GpuHot', 'SensorCritical']),
      await runMutants(promtool!, readFamily('network'), ['PacketErrors']),
    ];
    expect(checked.map(({ survivors }) => survivors)).toEqual([[], []]);
    expect(checked.map(({ killed }) => killed)).toEqual([12, 12]);
  });
});
