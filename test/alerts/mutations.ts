// Mutants of alert rules: each is one rule with one thing changed for the worse, and a family's tests have to notice every one.

export interface Rule {
  alert: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
}

export interface Mutant<R extends Rule> {
  /** Such as `no for` or `threshold 2: > 0.9 becomes > 1.44`. */
  change: string;
  rule: R;
}

/** A number that something is compared with; labels are compared with texts only, so that no matcher looks like one. */
const threshold = /(==|!=|>=|<=|>|<)(\s*)(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/g;

/** No factor changes a zero: this takes its place, more than any metric counts up to. */
const farFromZero = 1e18;

/**
 * The idea of mutation testing (DeMillo, Lipton, Sayward: "Hints on test data selection", 1978): tests that cannot tell a
 * program from one with a small mistake say nothing about that mistake. A rule can be wrong in when it begins, in when it
 * ends and in how much is too much; of `14 * 86400` the 14 is changed.
 */
export function mutantsOf<R extends Rule>(rule: R): Mutant<R>[] {
  return [
    ...durationMutants(rule, 'for'),
    ...durationMutants(rule, 'keep_firing_for'),
    ...[...rule.expr.matchAll(threshold)].flatMap((found, index) => thresholdMutants(rule, found, index)),
  ];
}

function durationMutants<R extends Rule>(rule: R, key: 'for' | 'keep_firing_for'): Mutant<R>[] {
  const { [key]: duration, ...without } = rule;
  if (duration === undefined) return [];
  const longer = duration.replace(/\d+/g, (digits) => String(Number(digits) * 3));
  return [
    { change: `no ${key}`, rule: without as R },
    { change: `${key} ${duration} becomes ${longer}`, rule: { ...rule, [key]: longer } },
  ];
}

function thresholdMutants<R extends Rule>(rule: R, found: RegExpExecArray, index: number): Mutant<R>[] {
  const [whole, operator, space, digits] = found;
  const value = Number(digits);
  // Twelve digits: 0.95 × 1.6 is 1.52 and not a little more.
  const others = value === 0 ? [farFromZero] : [value * 1.6, value * 0.5].map((other) => Number(other.toPrecision(12)));
  return others.map((other) => {
    const changed = `${operator}${space}${other}`;
    const expr = rule.expr.slice(0, found.index) + changed + rule.expr.slice(found.index + whole.length);
    return { change: `threshold ${index + 1}: ${whole} becomes ${changed}`, rule: { ...rule, expr } };
  });
}

export interface RuleFile<R extends Rule> {
  groups: { name: string; interval?: string; rules: R[] }[];
}

export interface TestFile {
  rule_files: string[];
  tests: { alert_rule_test?: { alertname: string }[]; promql_expr_test?: { expr: string }[] }[];
}

/**
 * The rules with one alert alone, and the tests with what they ask of that alert. No rule of ours reads what another
 * found, so that these say of the alert what the whole files say, in a tenth of the time.
 */
export function sliceOf<R extends Rule, T extends TestFile>(
  { rules, tests }: { rules: RuleFile<R>; tests: T },
  alert: string,
): { rules: RuleFile<R>; tests: T } {
  const groups = rules.groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => rule.alert === alert) }))
    .filter((group) => group.rules.length > 0);
  const asked = tests.tests
    .map((one) => ({
      ...one,
      alert_rule_test: (one.alert_rule_test ?? []).filter(({ alertname }) => alertname === alert),
      promql_expr_test: (one.promql_expr_test ?? []).filter(({ expr }) => expr.includes(`alertname="${alert}"`)),
    }))
    .filter((one) => one.alert_rule_test.length + one.promql_expr_test.length > 0);
  return { rules: { ...rules, groups }, tests: { ...tests, tests: asked } };
}
