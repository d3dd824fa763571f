// Reads PromQL as Prometheus' own interface does: what does not parse, and which metrics are asked for.
import { parser } from '@prometheus-io/lezer-promql';

/** What stands for Grafana's own variables, and for those of the dashboards, when a query is run outside of Grafana: all machines, or one. */
export function fillIn(text: string, instance = '.+'): string {
  return text
    .replaceAll('$instance', instance)
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__interval', '15s')
    .replaceAll('$__range', '3h')
    .replace(/\$\{?(container|group|device|gpu|detector|deployment)\b\}?/g, '.+');
}

/** Places in the expression that are no PromQL. */
export function faultsOf(expression: string): string[] {
  const faults: string[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError)
        faults.push(`at ${node.from}: …${expression.slice(Math.max(0, node.from - 20), node.to + 20)}…`);
    },
  });
  return faults;
}

export function metricsOf(expression: string): string[] {
  const names = new Set<string>();
  parser.parse(expression).iterate({
    enter(node) {
      if (node.name === 'VectorSelector') {
        const identifier = node.node.getChild('Identifier');
        names.add(identifier === null ? '(no name)' : expression.slice(identifier.from, identifier.to));
      }
    },
  });
  return [...names];
}
