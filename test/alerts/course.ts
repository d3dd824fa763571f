// What a family's tests show of an alert over time: that it is silent, then fires, then is silent again, all in one test.

interface Check {
  eval_time: string;
  alertname: string;
  exp_alerts: readonly unknown[];
}

export interface CourseTests {
  tests: readonly { alert_rule_test?: readonly Check[] }[];
}

const unitSeconds: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** Seconds of `36m45s`, `1655m` or `26h`. */
export function secondsOf(time: string): number {
  const parts = [...time.matchAll(/(\d+)([dhms])/g)];
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * unitSeconds[unit!]!, 0);
}

/** What no test shows of an alert, in words; empty where one test shows the whole course. The watchdog fires always. */
export function missingOf({ tests }: CourseTests, alert: string): string[] {
  const lacks = tests
    .map(({ alert_rule_test }) => (alert_rule_test ?? []).filter(({ alertname }) => alertname === alert))
    .filter((checks) => checks.length > 0)
    .map((checks) => lacksOf(checks, alert === 'Watchdog'));
  return lacks.toSorted((one, other) => one.length - other.length)[0] ?? ['any test'];
}

function lacksOf(checks: readonly Check[], always: boolean): string[] {
  const firing = checks.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ eval_time }) => secondsOf(eval_time));
  if (firing.length === 0) return ['fires', 'silent before', 'resolved after'];
  if (always) return [];
  const silent = checks
    .filter(({ exp_alerts }) => exp_alerts.length === 0)
    .map(({ eval_time }) => secondsOf(eval_time));
  return [
    ...(silent.some((time) => time < Math.min(...firing)) ? [] : ['silent before']),
    ...(silent.some((time) => time > Math.max(...firing)) ? [] : ['resolved after']),
  ];
}
