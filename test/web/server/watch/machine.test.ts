// Processes over all pages of the collector, sorted, searched and cut; a list that never ends is a failure.
import { expect, test } from 'vitest';
import { type MachinePorts, readProcesses, readThreats } from '../../../../web/server/watch/machine.ts';

const page = (processes: object[], nextCursor: string | null) => ({
  instance: 'a',
  takenAtSeconds: 1,
  scanGapSeconds: 5,
  omitted: 2,
  nextCursor,
  processes,
});

function portsOf(answer: (address: string, token: string | null) => unknown): MachinePorts {
  const fake = async (address: unknown, init?: RequestInit) =>
    new Response(JSON.stringify(answer(String(address), new Headers(init?.headers).get('authorization'))));
  const http = { fetch: fake as typeof fetch, timeoutSeconds: 1, answerBytesMax: 100_000 };
  return { collector: 'http://c', processDetector: 'http://p', http, token: (name) => `token-of-${name}` };
}

const two = portsOf((address) =>
  address.endsWith('cursor=n%2F1')
    ? page([{ pid: 9, argv: ['nginx'], cpuCores: 2 }], null)
    : page(
        [
          { pid: 1, argv: ['init'] },
          { pid: 2, argv: ['nginx', '--worker'], comm: 'nginx', cpuCores: 0.5 },
        ],
        'n/1',
      ),
);

test.each([
  { search: '', after: 0, limit: 2, pids: [9, 2], more: true },
  { search: '', after: 2, limit: 2, pids: [1], more: false },
  { search: 'WORKER', after: 0, limit: 9, pids: [2], more: false },
  { search: 'absent', after: 0, limit: 9, pids: [], more: false },
])('searching "$search" from $after', async ({ search, after, limit, pids, more }) => {
  const found = await readProcesses(two, { search, after, limit });
  expect(found).toMatchObject({ more, instance: 'a', omitted: 2 });
  expect(found.items.map(({ pid }) => pid)).toEqual(pids);
});

test('pages without end are a failure', async () => {
  const endless = portsOf(() => page([], 'again'));
  await expect(readProcesses(endless, { search: '', after: 0, limit: 1 })).rejects.toThrow('more than 32 pages');
});

test('threats are asked for with the token of the detectors; another shape is unknown', async () => {
  const asked: (string | null)[] = [];
  const good = portsOf((_, token) => {
    asked.push(token);
    return { reports: [] };
  });
  expect(await readThreats(good)).toEqual({ state: 'known', items: [] });
  expect(asked).toEqual(['Bearer token-of-detectors']);
  expect(await readThreats(portsOf(() => ({})))).toMatchObject({ state: 'unknown' });
});
