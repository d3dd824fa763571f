// The architecture as a test: imports point one way, nothing goes round in a circle, pure code reaches for nothing.
import { describe, expect, test } from 'vitest';
import { appOf, edges, mayImport, roomOf } from './layers.ts';
import { listFiles, parse, type SourceFile } from './tree.ts';

const files = listFiles()
  .filter((path) => /\.(ts|mjs)$/.test(path))
  .map(parse);
const product = files.filter(({ path }) => roomOf(path) !== 'test');

describe('layers', () => {
  test('every import looks into a room it may look into', () => {
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  test('apps meet in Prometheus and over HTTP, never in an import', () => {
    const crossing = product.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => appOf(path) && appOf(target) && appOf(target) !== appOf(path))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(crossing).toEqual([]);
  });

  test('no import cycle', () => {
    expect(findCycles(product)).toEqual([]);
  });

  test('pure code takes time, chance, files and processes as arguments', () => {
    const pure = product.filter(({ path }) => ['pure', 'lib', 'contracts'].includes(roomOf(path)));
    expect(pure.flatMap(({ path, reaches }) => reaches.map((reach) => `${path}: ${reach}`))).toEqual([]);
  });

  test('every edge in the table is there', () => {
    expect(edges.filter((pattern) => !product.some(({ path }) => pattern.test(path)))).toEqual([]);
  });
});

function forbiddenImports({ path, imports }: SourceFile): string[] {
  const allowed = mayImport[roomOf(path)];
  return imports
    .filter(({ typeOnly }) => !typeOnly)
    .filter(({ target }) => {
      if (target.startsWith('node:')) return !allowed.node;
      if (/^[\w-]+\/.*\.(ts|mjs|json|svelte|css)$/.test(target)) return !allowed.rooms.includes(roomOf(target));
      return allowed.packages !== true && (allowed.packages === false || !allowed.packages.includes(target));
    })
    .map(({ target }) => `${path} (${roomOf(path)}) → ${target}`);
}

/** Depth-first search for back edges; each cycle is told once, from the file where it was found. */
function findCycles(all: SourceFile[]): string[] {
  const next = new Map(
    all.map(({ path, imports }) => [path, imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target)]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of next.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of all) walk(path, []);
  return cycles;
}
