// Answers to the few kinds of expression that the control plane asks, over series that any moment can be asked of. It is no PromQL:
// selectors, what they are grouped by, a share of a whole, and what is left of it.
import type { Series } from './world-series.ts';

type Labels = Readonly<Record<string, string>>;
interface Row {
  labels: Labels;
  value: number;
}

/** How the value of an expression is told at any moment; a rate is known of a counter as it is. */
export function prepare(expression: string, all: readonly Series[]): (at: number) => Row[] {
  const parts = expression.split(' or ').map((part) => prepareOne(part, all));
  return (at) => parts.flatMap((told) => told(at));
}

function prepareOne(expression: string, all: readonly Series[]): (at: number) => Row[] {
  const rests = /(^|\()1 - /.test(expression);
  const [first, whole] = selectorsOf(expression).map((one) => select(one, all));
  const divided = expression.includes(' / ');
  const grouped = readGrouping(expression);
  return (at) => {
    const of = divided ? valuesOf(whole ?? [], at)[0]?.value : 1;
    if (of === undefined) return [];
    return grouped(
      valuesOf(first ?? [], at).map(({ labels, value }) => ({
        ...{ labels, value: rests ? 1 - value / of : value / of },
      })),
    );
  };
}

interface Selector {
  name: string;
  matchers: readonly { label: string; operator: string; text: string }[];
}

/** `up`, `node_load1` and `name{a="b"}`, in the order in which they stand. */
function selectorsOf(expression: string): Selector[] {
  const pattern = /\b([a-z]\w*_\w+|up)\b(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?/g;
  return [...expression.matchAll(pattern)]
    .filter(([, name]) => !/_over_time$|^label_replace$/.test(name!))
    .map(([, name, inner = '']) => ({
      name: name!,
      matchers: [...inner.matchAll(/(\w+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"/g)].map(([, label, operator, text]) => ({
        ...{ label: label!, operator: operator!, text: text!.replace(/\\(.)/g, '$1') },
      })),
    }));
}

function select({ name, matchers }: Selector, all: readonly Series[]): Series[] {
  return all.filter(
    (one) =>
      one.name === name &&
      matchers.every(({ label, operator, text }) => {
        const value = one.labels[label] ?? '';
        const same = operator.includes('~') ? new RegExp(`^(?:${text})$`).test(value) : value === text;
        return operator.startsWith('!') ? !same : same;
      }),
  );
}

function valuesOf(selected: readonly Series[], at: number): Row[] {
  return selected.flatMap((one): Row[] => {
    const value = one.at(at);
    return value === undefined ? [] : [{ labels: one.labels, value }];
  });
}

function readGrouping(expression: string): (rows: readonly Row[]) => Row[] {
  const [, kind, names = ''] = /\b(sum|avg|max) by \(([^)]*)\)/.exec(expression) ?? [];
  if (kind === undefined) return (rows) => [...rows];
  const kept = ({ labels }: Row): [string, string][] =>
    names.split(', ').flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]]));
  return (rows) => {
    const groups = Map.groupBy(rows, (row) => JSON.stringify(kept(row)));
    return [...groups.values()].map((members) => {
      const values = members.map(({ value }) => value);
      const sum = values.reduce((total, value) => total + value, 0);
      const value = kind === 'sum' ? sum : kind === 'avg' ? sum / values.length : Math.max(...values);
      return { labels: Object.fromEntries(kept(members[0]!)), value };
    });
  };
}
