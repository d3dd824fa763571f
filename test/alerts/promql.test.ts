// The finder of metric names: what it takes for one, and what it does not.
import { describe, expect, test } from 'vitest';
import { metricsOf, queriesOf } from './promql.ts';

describe('metric names', () => {
  test.each([
    { expression: 'up == 0', names: ['up'] },
    { expression: 'rate(a_total{x="b_total"}[5m]) > 0.5', names: ['a_total'] },
    { expression: 'sum by (instance, job) (a) / on (instance) group_right () b', names: ['a', 'b'] },
    { expression: 'a and ignoring (mode) b{mode="model"} == 1', names: ['a', 'b'] },
    { expression: 'absent(up{job="node"}) or vector(1)', names: ['up'] },
    { expression: 'time() - a < 30 * 86400 and increase(b[1d] offset 5m) > 0', names: ['a', 'b'] },
    { expression: 'a > 1e9 or NaN < b:ratio', names: ['a', 'b:ratio'] },
  ])('$expression', ({ expression, names }) => {
    expect([...metricsOf(expression)]).toEqual(names);
  });

  test('in templates', () => {
    const template = '{{ range query (printf `topk(3, a{instance=%q})` $labels.instance) }}{{ .Value }}{{ end }}';
    expect(queriesOf(template)).toEqual(['topk(3, a{instance=%q})']);
  });
});
