// The dashboards as they are committed: what the source gives, fit for Grafana, and asking only for what there is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../compose/place.ts';
import { dashboard } from '../../grafana/build/dashboard.ts';
import { render } from '../../grafana/build/render.ts';
import type { PanelJson } from '../../grafana/build/schema.ts';
import { namesMax } from '../../grafana/build/variable.ts';
import { dashboards } from '../../grafana/dashboards/index.ts';
import { exportedNames } from './exported.ts';
import { faultsOf, fillIn, metricsOf } from './promql.ts';
import { checkAgainstSchema } from './schema-check.ts';

const folder = join(root, 'grafana/dashboards');
const all = dashboards.map((source) => ({ name: source.name, json: dashboard(source) }));
const panelsOf = (json: (typeof all)[number]['json']) =>
  json.panels.filter((panel): panel is PanelJson => panel.type !== 'row');
const read = (name: string) => readFileSync(join(folder, `${name}.json`), 'utf8');

describe('what is committed', () => {
  test('is what the source gives; else run `npm run dashboards`', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(names.sort()).toEqual(all.map(({ name }) => `${name}.json`).sort());
    expect(all.filter(({ name, json }) => read(name) !== render(json)).map(({ name }) => name)).toEqual([]);
  });

  test('every source is in the list', () => {
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
    expect(sources.map((name) => name.slice(0, -3)).sort()).toEqual(all.map(({ name }) => name).sort());
    expect(all.length).toBeGreaterThanOrEqual(15);
  });

  test("fits Grafana's published schema, and what does not is told", { timeout: 60_000 }, () => {
    const texts = Object.fromEntries(all.map(({ name }) => [name, read(name)]));
    const found = checkAgainstSchema({
      ...texts,
      'wrong-value': read('dns').replace('"mode": "absolute"', '"mode": "absolut"'),
      'wrong-field': read('dns').replace('"mergeValues"', '"mergeValuez"'),
    });
    const { 'wrong-value': value, 'wrong-field': field, ...ours } = found;
    expect(ours).toEqual(Object.fromEntries(all.map(({ name }) => [name, []])));
    expect([value, field].map((faults) => faults!.length > 0)).toEqual([true, true]);
  });
});

describe.each(all)('$name', ({ json }) => {
  const panels = panelsOf(json);

  test('has a stable uid, a description, and numbers of its own for its panels', () => {
    expect(json.uid).toMatch(/^odyssey-[a-z-]{1,32}$/);
    expect(json.description.length).toBeGreaterThan(20);
    expect(new Set(json.panels.map(({ id }) => id)).size).toBe(json.panels.length);
    expect(panels.length).toBeGreaterThanOrEqual(7);
  });

  test('every panel says what it shows, in which unit, and whether it is unknown', () => {
    const poor = panels.filter(
      ({ description, fieldConfig: { defaults } }) =>
        description.length < 15 || !defaults.unit || defaults.noValue !== 'unknown',
    );
    expect(poor.map(({ title }) => title)).toEqual([]);
  });

  test('a number is what stands now: no small chart behind it, nothing that reaches back', () => {
    const numbers = panels.filter(({ type }) => type === 'stat' || type === 'bargauge');
    const back = numbers.filter(({ targets, options }) => {
      const { reduceOptions, graphMode = 'none' } = options as { reduceOptions: object; graphMode?: string };
      const now = targets.every(({ range, instant }) => instant && !range);
      return (
        !now ||
        graphMode !== 'none' ||
        JSON.stringify(reduceOptions) !== '{"calcs":["last"],"fields":"","values":false}'
      );
    });
    expect(back.map(({ title }) => title)).toEqual([]);
  });

  test('no panel lies over another or beyond the edge', () => {
    const places = json.panels.map(({ gridPos }) => gridPos!);
    expect(places.filter(({ x, w, h }) => x + w > 24 || w < 1 || h < 1)).toEqual([]);
    const over = places.flatMap((a, at) =>
      places
        .slice(at + 1)
        .filter((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
        .map((b) => [a, b]),
    );
    expect(over).toEqual([]);
  });

  test('leads to the other dashboards and into the console', () => {
    expect(json.links!.map(({ type, url }) => url ?? type)).toEqual([
      'dashboards',
      expect.stringMatching(/^\$console\//),
    ]);
    expect(json.annotations.list.map(({ name }) => name)).toEqual(['Unusual', 'Alerts']);
  });

  test('every list of a variable has an end, and every variable that is used is there', () => {
    const lists = json.templating.list.filter(({ type }) => type === 'query');
    expect(lists.map(({ query }) => (query as { query: string }).query)).toEqual(
      lists.map(() => expect.stringMatching(new RegExp(`^query_result\\(topk\\(${namesMax}, .+\\)\\)$`))),
    );
    const used = [...JSON.stringify(json).matchAll(/\$\{?([a-z]\w*)/g)].map(([, name]) => name!);
    const there = json.templating.list.map(({ name }) => name);
    expect([...new Set(used)].filter((name) => !there.includes(name))).toEqual([]);
  });
});

describe('links into the console', () => {
  const there = [...readFileSync(join(root, 'web/console/pages/index.ts'), 'utf8').matchAll(/path: '([^']+)'/g)].map(
    ([, path]) => path!,
  );

  test('lead to pages that it has', () => {
    const linked = all.flatMap(({ json }) =>
      [...JSON.stringify(json).matchAll(/\$console(\/[\w/-]*)/g)].map(([, page]) => page!),
    );
    expect(new Set(linked).size).toBeGreaterThan(5);
    expect([...new Set(linked)].filter((page) => !there.includes(page))).toEqual([]);
  });
});

const queries = all.flatMap(({ name, json }) => [
  ...panelsOf(json).flatMap(({ title, targets }) => targets.map(({ expr }) => ({ place: `${name}: ${title}`, expr }))),
  ...json.annotations.list.map(({ target, name: mark }) => ({ place: `${name}: ${mark}`, expr: target.expr })),
  ...json.templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name: variable, query }) => ({
      place: `${name}: $${variable}`,
      expr: /^query_result\((.+)\)$/.exec((query as { query: string }).query)![1]!,
    })),
]);

describe('queries', () => {
  test('all parse, and what does not is told', () => {
    expect(queries.length).toBeGreaterThan(300);
    expect(queries.flatMap(({ place, expr }) => faultsOf(fillIn(expr)).map((fault) => `${place} ${fault}`))).toEqual(
      [],
    );
    expect(faultsOf('sum by (a) (rate(b[1m])').length).toBeGreaterThan(0);
  });

  test('ask only for what something exports', () => {
    const exported = exportedNames();
    const missing = queries.flatMap(({ place, expr }) =>
      metricsOf(fillIn(expr))
        .filter((name) => !exported.has(name))
        .map((name) => `${place}: ${name}`),
    );
    expect(missing).toEqual([]);
    expect(metricsOf('a / on (x) sum(rate(b{c="d"}[5m]))')).toEqual(['a', 'b']);
  });

  test('none makes a number where there is no data', () => {
    const made = queries.filter(({ expr }) => /\b(vector|absent|absent_over_time|scalar)\(/.test(fillIn(expr)));
    expect(made.map(({ place }) => place)).toEqual([]);
  });

  test('charts of many show a bounded set: no bare list of containers, groups, disks or sensors', () => {
    const many = /\{\{(name|groupname|sensor|process_name|collector)\}\}/;
    const unbounded = all.flatMap(({ name, json }) =>
      panelsOf(json).flatMap(({ title, targets }) =>
        targets
          .filter(({ expr, legendFormat }) => many.test(legendFormat) && !/\b(top|bottom)k\(/.test(expr))
          .map(() => `${name}: ${title}`),
      ),
    );
    expect(unbounded).toEqual([]);
  });
});
