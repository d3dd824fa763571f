// The alert rules under promtool of both generations: each family is valid, and each of its alerts fires, stays silent and resolves as its tests say.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../compose/place.ts';
import { engines } from '../engines.ts';
import { engineMetrics, ourMetrics } from './catalogue.ts';
import { type CourseTests, missingOf } from './course.ts';
import { metricsOf, queriesOf } from './promql.ts';

const families = readdirSync(join(root, 'alerts/rules')).map((file) => file.replace(/\.yml$/, ''));
const rulesOf = (family: string) => readFileSync(join(root, `alerts/rules/${family}.yml`), 'utf8');
const alertsOf = (family: string) => [...rulesOf(family).matchAll(/- alert: (\w+)/g)].map(([, name]) => name!);

interface Rule {
  alert: string;
  expr: string;
  annotations: Record<string, string>;
}

function readRules(family: string): Rule[] {
  return (parse(rulesOf(family)) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
}

/** How many rules each family has to have, and of how many it has to say who is behind it. */
const fewest: Record<string, { rules: number; culprits: number }> = {
  'thermal-power': { rules: 11, culprits: 11 },
  resources: { rules: 8, culprits: 8 },
  containers: { rules: 12, culprits: 6 },
  security: { rules: 6, culprits: 3 },
  network: { rules: 14, culprits: 4 },
  detectors: { rules: 8, culprits: 1 },
  appliance: { rules: 15, culprits: 1 },
};

async function promtool(program: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: 230_000 });
  return stdout + stderr;
}

for (const family of families) {
  describe(`alerts: ${family}`, () => {
    test.each(engines)('the rules are valid to $name', { timeout: 60_000 }, async (engine) => {
      const path = join(root, `alerts/rules/${family}.yml`);
      expect(await promtool(engine.promtool, ['check', 'rules', path])).toContain(
        `${alertsOf(family).length} rules found`,
      );
    });

    test.each(engines)('the tests pass under $name', { timeout: 240_000 }, async (engine) => {
      const path = join(root, `alerts/tests/${family}.yml`);
      expect(await promtool(engine.promtool, ['test', 'rules', path])).toContain('SUCCESS');
    });

    test('each alert is silent, fires and resolves in one test, and has a place in the runbook', () => {
      const tests = parse(readFileSync(join(root, `alerts/tests/${family}.yml`), 'utf8')) as CourseTests;
      const runbook = readFileSync(join(root, `alerts/runbooks/${family}.md`), 'utf8');
      const missing = alertsOf(family).flatMap((alert) => missingOf(tests, alert).map((what) => `${alert}: ${what}`));
      expect(missing).toEqual([]);
      for (const alert of alertsOf(family)) {
        expect(runbook).toContain(`## ${alert}\n`);
        expect(rulesOf(family)).toContain(`runbook: alerts/runbooks/${family}.md#${alert.toLowerCase()}\n`);
      }
    });

    test('each alert says how grave it is and what it is about', () => {
      const labelled = [
        ...rulesOf(family).matchAll(/labels: \{ severity: (?:critical|warning|info|none), subject: [a-z-]+ \}/g),
      ];
      expect(labelled).toHaveLength(alertsOf(family).length);
    });
  });
}

test('the families are there, each with its rules and with culprits where something can be to blame', () => {
  const counted = Object.keys(fewest).map((family) => {
    const rules = families.includes(family) ? readRules(family) : [];
    const culprits = rules.filter(({ annotations }) => queriesOf(annotations['culprits'] ?? '').length > 0);
    return { family, rules: rules.length, culprits: culprits.length };
  });
  const short = counted.filter(
    ({ family, rules, culprits }) => rules < fewest[family]!.rules || culprits < fewest[family]!.culprits,
  );
  expect(short).toEqual([]);
});

test('all three severities are used, and no alert has the name of another', () => {
  const all = families.flatMap(readRules);
  expect(new Set(all.map(({ alert }) => alert)).size).toBe(all.length);
  const text = families.map(rulesOf).join('');
  for (const severity of ['critical', 'warning', 'info']) expect(text).toContain(`severity: ${severity},`);
});

test.each(engines)('no alert names a metric that nothing exports, with $name', { timeout: 60_000 }, async (engine) => {
  const known = new Set([...ourMetrics(), ...(await engineMetrics(engine))]);
  const unknown = families.flatMap(readRules).flatMap(({ alert, expr, annotations }) =>
    [expr, ...Object.values(annotations).flatMap(queriesOf)]
      .flatMap((query) => [...metricsOf(query)])
      .filter((name) => !known.has(name))
      .map((name) => `${alert}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('promtool of both generations is there', (context) => {
  context.skip(engines.length === 0, 'no promtool here: npm test gets it');
  expect(engines.map(({ name }) => name)).toEqual(['Prometheus 2.53', 'Prometheus 3.5']);
});
