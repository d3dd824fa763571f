// Collectors as Prometheus knows them, and whole snapshots of processes.
import { expect, test } from 'vitest';
import { findCollectors, readProcesses } from '../../../detectors/process/collectors.ts';
import { fakeHttp } from '../../fakes/http.ts';
import { fakePrometheus } from '../../fakes/prometheus.ts';

const target = (labels: Record<string, string>, more = {}) => ({
  labels,
  scrapeUrl: 'http://10.0.0.1:9401/metrics',
  health: 'up',
  ...more,
});

test('one collector an instance, of the job node, that is up', async () => {
  const prometheus = fakePrometheus();
  prometheus.get = async () => ({
    activeTargets: [
      target({ job: 'node', instance: 'n1' }),
      target({ job: 'node', instance: 'n1' }),
      target({ job: 'node', instance: 'n2' }, { health: 'down' }),
      target({ job: 'detectors', instance: 'n1' }),
      target({ job: 'node' }),
      target({ job: 'node', instance: 'n3' }, { scrapeUrl: 'nonsense' }),
    ],
  });
  expect(await findCollectors(prometheus)).toEqual([{ instance: 'n1', origin: 'http://10.0.0.1:9401' }]);
});

test('an answer of another shape is an error', async () => {
  const prometheus = fakePrometheus();
  prometheus.get = async () => ({});
  await expect(findCollectors(prometheus)).rejects.toThrow();
});

const page = (pid: number, nextCursor: string | null, more = {}) => ({
  instance: 'n1',
  takenAtSeconds: 100,
  scanGapSeconds: 15,
  processes: [{ pid, argv: ['sleep', '1'] }],
  omitted: 2,
  nextCursor,
  ...more,
});
const read = (pages: Record<string, unknown>) =>
  readProcesses(
    { instance: 'n1', origin: 'http://c' },
    'secret',
    fakeHttp(Object.fromEntries(Object.entries(pages).map(([query, body]) => [`http://c/v1/processes${query}`, body]))),
  );

test('pages are put together', async () => {
  const snapshot = await read({ '': page(1, 'a b'), '?cursor=a+b': page(2, null) });
  expect([snapshot.processes.map(({ pid }) => pid), snapshot.omitted, snapshot.takenAtSeconds]).toEqual([
    [1, 2],
    2,
    100,
  ]);
});

test.each([
  { given: 'a page that is missing', pages: { '': page(1, 'x') } },
  { given: 'pages of two snapshots', pages: { '': page(1, 'x'), '?cursor=x': page(2, null, { takenAtSeconds: 115 }) } },
  { given: 'pages without an end', pages: { '': page(1, 'x'), '?cursor=x': page(2, 'x') } },
  { given: 'another shape', pages: { '': { processes: [] } } },
  { given: 'a refusal', pages: { '': 401 } },
])('$given is an error', async ({ pages }) => {
  await expect(read(pages)).rejects.toThrow();
});
