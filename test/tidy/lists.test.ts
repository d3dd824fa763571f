// Explicit lists are whole: what exists is listed, what is listed exists, and each thing has what must stand beside it.
import { describe, expect, test } from 'vitest';
import { listFiles, readFile } from './tree.ts';

const paths = listFiles();
const stems = (folder: string, ending: string) =>
  paths
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(ending))
    .map((path) => path.slice(folder.length + 1, -ending.length));

describe('lists', () => {
  test('every alert family has rules, tests and a runbook of one stem', () => {
    const rules = stems('alerts/rules', '.yml').sort();
    expect(stems('alerts/tests', '.yml').sort()).toEqual(rules);
    expect(stems('alerts/runbooks', '.md').sort()).toEqual(rules);
  });

  test('every alert is tested and explained', () => {
    const missing = stems('alerts/rules', '.yml').flatMap((family) => {
      const alerts = [...readFile(`alerts/rules/${family}.yml`).matchAll(/^\s*- alert: (\w+)/gm)].map(
        ([, name]) => name!,
      );
      const [tests, runbook] = [readFile(`alerts/tests/${family}.yml`), readFile(`alerts/runbooks/${family}.md`)];
      return alerts.filter((alert) => !tests.includes(alert) || !runbook.includes(alert));
    });
    expect(missing).toEqual([]);
  });

  test('every source is in the list of sources', () => {
    const listed = readFile('collector/sources/index.ts');
    const exported = paths
      .filter((path) => /^collector\/sources\/.*\.ts$/.test(path) && !path.endsWith('/index.ts'))
      .flatMap((path) => [...readFile(path).matchAll(/^export const (\w+): Source\b/gm)].map(([, name]) => name!));
    expect(exported.filter((name) => !new RegExp(`\\b${name}\\b`).test(listed))).toEqual([]);
  });

  test('every detector is in the list of detectors', () => {
    const listed = readFile('detectors/index.ts');
    for (const name of ['gpu', 'container', 'process', 'disk']) expect(listed).toContain(`./${name}/`);
  });
});
