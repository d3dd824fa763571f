// Selectors of PromQL with every label value escaped: nothing that a person sends can leave its quotes.

/** `name{a="b"}`; throws on a metric or label name that is none. Source: prometheus.io/docs/prometheus/latest/querying/basics. */
export function selector(metric: string, labels: Readonly<Record<string, string>>): string {
  if (!/^[a-zA-Z_:][\w:]*$/.test(metric)) throw new Error(`not a metric name: ${metric.slice(0, 80)}`);
  const matchers = Object.entries(labels).map(([name, value]) => {
    if (!/^[a-zA-Z_]\w*$/.test(name)) throw new Error(`not a label name: ${name.slice(0, 80)}`);
    return `${name}="${quoted(value)}"`;
  });
  return `${metric}{${matchers.join(',')}}`;
}

function quoted(value: string): string {
  return value.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
