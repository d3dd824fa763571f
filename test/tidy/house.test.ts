// The house around the code: the lockfile, the folders, the words that must not stand in a repository.
import { describe, expect, test } from 'vitest';
import { listFiles, readFile } from './tree.ts';

const paths = listFiles();
const texts = paths
  .filter((path) => !/\.(png|ico|woff2|gz|bin)$/.test(path))
  .map((path) => ({ path, text: readFile(path) }));

describe('house', () => {
  test('the lockfile holds versions and integrity, and no address', () => {
    const lock = JSON.parse(readFile('package-lock.json'));
    const packages = Object.entries<{ resolved?: string; integrity?: string }>(lock.packages).filter(
      ([path]) => path !== '',
    );
    expect(packages.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(packages.filter(([, entry]) => entry.integrity === undefined)).toEqual([]);
  });

  test('dependencies are pinned to exact versions', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFile('package.json'));
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+/.test(String(version)),
    );
    expect(loose).toEqual([]);
  });

  test('top-level folders are the agreed ones', () => {
    const folders = new Set(
      paths.filter((path) => path.includes('/') && !path.startsWith('.')).map((path) => path.split('/')[0]!),
    );
    const agreed = ['collector', 'detectors', 'web', 'grafana', 'alerts', 'compose', 'test', 'core', 'docs'];
    expect([...folders].filter((folder) => !agreed.includes(folder))).toEqual([]);
  });

  test('no package-registry host and no path of a build machine stands in any file', () => {
    const forbidden = new RegExp(
      ['npmj[s]\\.org', 'yarnpk[g]\\.com', 'pyp[i]\\.org', '(^|[^\\w.])/wor[k]/'].join('|'),
      'm',
    );
    expect(texts.filter(({ text }) => forbidden.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
