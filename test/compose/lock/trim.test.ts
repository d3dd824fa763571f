// The lockfile: whole in itself, so that npm ci takes it whatever the registry carries.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Lockfile, trimLockfile } from '../../../compose/lock/trim.ts';
import { root } from '../../../compose/place.ts';

const optional = (...names: string[]) => ({
  version: '1.0.0',
  optionalDependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])),
});

describe('lockfile', () => {
  test.each([
    {
      given: 'all there',
      packages: { 'node_modules/a': optional('b'), 'node_modules/b': {} },
      kept: ['b'],
      left: [],
    },
    {
      given: 'one platform missing',
      packages: { 'node_modules/a': optional('b', '@x/c'), 'node_modules/b': {} },
      kept: ['b'],
      left: ['@x/c'],
    },
    { given: 'none there', packages: { 'node_modules/a': optional('b') }, kept: undefined, left: ['b'] },
    {
      given: 'one below its package',
      packages: { 'node_modules/a': optional('b'), 'node_modules/a/node_modules/b': {} },
      kept: ['b'],
      left: [],
    },
  ])('$given → $kept kept, $left left out', ({ packages, kept, left }) => {
    const trimmed = trimLockfile({ packages } as Lockfile);
    const names = trimmed.lockfile.packages['node_modules/a']!.optionalDependencies;
    expect(names === undefined ? undefined : Object.keys(names)).toEqual(kept);
    expect(trimmed.left).toEqual(left);
  });

  test('what is found above a nested package is kept, and what we ask for ourselves is never touched', () => {
    const packages = {
      '': optional('gone'),
      'node_modules/@x/a/node_modules/c': optional('b', 'd'),
      'node_modules/b': {},
      'node_modules/@x/a/node_modules/d': {},
    };
    expect(trimLockfile({ packages } as Lockfile)).toEqual({ lockfile: { packages }, left: [] });
  });

  test('ours is trimmed: run "npm run lock" after a change of package.json', () => {
    const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile;
    expect(trimLockfile(lockfile).left).toEqual([]);
  });
});
