// The alert rules under promtool of both generations: each family is valid, and each of its alerts fires, stays silent and resolves as its tests say.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { root } from '../../compose/place.ts';
import { engines } from '../engines.ts';

const families = readdirSync(join(root, 'alerts/rules')).map((file) => file.replace(/\.yml$/, ''));
const rulesOf = (family: string) => readFileSync(join(root, `alerts/rules/${family}.yml`), 'utf8');
const alertsOf = (family: string) => [...rulesOf(family).matchAll(/- alert: (\w+)/g)].map(([, name]) => name!);

async function promtool(program: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: 60_000 });
  return stdout + stderr;
}

for (const family of families) {
  describe(`alerts: ${family}`, () => {
    test.each(engines)('the rules are valid to $name', async (engine) => {
      const path = join(root, `alerts/rules/${family}.yml`);
      expect(await promtool(engine.promtool, ['check', 'rules', path])).toContain(
        `${alertsOf(family).length} rules found`,
      );
    });

    test.each(engines)('the tests pass under $name', async (engine) => {
      const path = join(root, `alerts/tests/${family}.yml`);
      expect(await promtool(engine.promtool, ['test', 'rules', path])).toContain('SUCCESS');
    });

    test('each alert has a test in which it fires, one in which it does not, and a place in the runbook', () => {
      const tests = readFileSync(join(root, `alerts/tests/${family}.yml`), 'utf8');
      const runbook = readFileSync(join(root, `alerts/runbooks/${family}.md`), 'utf8');
      for (const alert of alertsOf(family)) {
        const silent = new RegExp(`alertname: ${alert}, exp_alerts: \\[\\]`).test(tests);
        expect({
          alert,
          fires: new RegExp(`alertname: ${alert}\n`).test(tests),
          silent: silent || alert === 'Watchdog',
        }).toEqual({
          alert,
          fires: true,
          silent: true,
        });
        expect(runbook).toContain(`## ${alert}\n`);
        expect(rulesOf(family)).toContain(`runbook: alerts/runbooks/${family}.md#${alert.toLowerCase()}\n`);
      }
    });

    test('each alert says how grave it is and what it is about', () => {
      const labelled = [
        ...rulesOf(family).matchAll(/labels: \{ severity: (?:critical|warning|none), subject: [a-z-]+ \}/g),
      ];
      expect(labelled).toHaveLength(alertsOf(family).length);
    });
  });
}

test('promtool of both generations is there', (context) => {
  context.skip(engines.length === 0, 'no promtool here: npm test gets it');
  expect(engines.map(({ name }) => name)).toEqual(['Prometheus 2.53', 'Prometheus 3.5']);
});
