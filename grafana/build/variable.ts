// Variables: what a dashboard is narrowed to. Each list has an end, and "all" is a pattern, not the list.
import { datasource } from './query.ts';
import type { VariableJson } from './schema.ts';

/** Most names that a list offers; further ones are reached by typing them. */
export const namesMax = 200;

interface ListWords {
  name: string;
  label: string;
  description: string;
  /** Gives one series for each name. */
  expr: string;
  /** The label that is read. */
  from: string;
}

/** Names read from Prometheus, the largest by value first to be kept. */
export function list({ name, label, description, expr, from }: ListWords): VariableJson {
  const expression = `query_result(topk(${namesMax}, ${expr}))`;
  return {
    type: 'query',
    name,
    label,
    description,
    datasource: { ...datasource },
    query: { query: expression, refId: `Variable-${name}`, qryType: 3 },
    regex: `/${from}="([^"]+)"/`,
    refresh: 2,
    sort: 7,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

/** The same list where one name is chosen at a time: a chart with an expected band is about one thing. */
export function oneOf(variable: VariableJson): VariableJson {
  const { current: _, allValue: __, ...kept } = variable; // the first of the list is chosen
  return { ...kept, multi: false, includeAll: false };
}

/** The machines whose collector answers. */
export const instance = list({
  name: 'instance',
  label: 'Machine',
  description: 'The machines that are shown; a machine is called as it calls itself.',
  expr: 'max by (instance) (node_uname_info)',
  from: 'instance',
});

/** Where the console is: the control plane answers this address, so that links work under every name the console has. */
export const consoleRoot: VariableJson = {
  type: 'constant',
  name: 'console',
  label: 'Console',
  description: 'Address of the console that links lead to.',
  query: '/grafana/console',
  current: { selected: true, text: '/grafana/console', value: '/grafana/console' },
  hide: 2,
  skipUrlSync: true,
};
