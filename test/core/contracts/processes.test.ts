// The process contract takes what a collector can say, keeps "unknown" apart from "no", and refuses what is out of bounds.
import { expect, test } from 'vitest';
import { processFacts, processPage } from '../../../core/contracts/processes.ts';

test('a process of which only pid and argv could be read keeps every other fact unknown', () => {
  expect(processFacts.parse({ pid: 7, argv: ['sleep', '1'] })).toEqual({ pid: 7, argv: ['sleep', '1'] });
});

test('a process on the host has the container null, which is not the same as unknown', () => {
  expect(processFacts.parse({ pid: 7, argv: [], container: null }).container).toBeNull();
  expect(processFacts.parse({ pid: 7, argv: [] }).container).toBeUndefined();
});

test.each([
  { given: 'pid 0', facts: { pid: 0, argv: [] } },
  { given: 'no argv', facts: { pid: 1 } },
  { given: 'a token above the kernel limit', facts: { pid: 1, argv: ['x'.repeat(131_073)] } },
  { given: 'a port above 65535', facts: { pid: 1, argv: [], listeningPorts: [70_000] } },
  { given: 'a hash that is none', facts: { pid: 1, argv: [], exeSha256: 'abc' } },
  { given: 'NaN cores', facts: { pid: 1, argv: [], cpuCores: Number.NaN } },
])('$given is refused', ({ facts }) => {
  expect(processFacts.safeParse(facts).success).toBe(false);
});

test('a page says when it was taken, what it could not see and where the next one is', () => {
  const page = {
    instance: 'node-1',
    takenAtSeconds: 1_700_000_000,
    scanGapSeconds: 5,
    processes: [],
    omitted: 0,
    nextCursor: null,
  };
  expect(processPage.parse(page)).toEqual(page);
  expect(processPage.safeParse({ ...page, instance: '' }).success).toBe(false);
});
