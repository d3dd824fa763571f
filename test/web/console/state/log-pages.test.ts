// Pages of the past of several logs: one question for each, and together no further than all of them reach.
import { expect, test } from 'vitest';
import type { LogLine, LogPage } from '../../../../core/contracts/logs.ts';
import { mergePages, readPages } from '../../../../web/console/state/log-pages.ts';

const line = (time: string): LogLine => ({
  ...{ time, replica: 'a.1', stream: 'stdout', level: 'info', cut: false, text: time },
});
const page = (times: readonly string[], more: Partial<LogPage> = {}): LogPage => ({
  ...{ items: times.map(line), older: 'none', newer: false, completeFrom: null, notes: [] },
  ...more,
});
const times = ({ items }: LogPage) => items.map(({ time }) => time);

test('each log is asked below its own path, with what was chosen', async () => {
  const asked: unknown[] = [];
  const get = (path: string, query: object = {}) => {
    asked.push([path, query]);
    return Promise.resolve(page(['t1'])) as never;
  };
  const paths = [
    '/environments/e/logs?deployments=a,b&replicas=a-r1.1&tail=500&follow=true',
    '/logs?containers=c&search=x+y',
  ];
  await readPages({ get }, paths, { before: 't5' }, 200, new AbortController().signal);
  expect(asked).toEqual([
    ['/environments/e/logs/past', { deployments: 'a,b', replicas: 'a-r1.1', tail: 200, before: 't5' }],
    ['/logs/past', { containers: 'c', search: 'x y', tail: 200, before: 't5' }],
  ]);
});

test('older lines that one log alone reaches to are left for the next page', () => {
  const [far, near] = [
    page(['t1', 't3', 't8'], { older: 'none', newer: true }),
    page(['t6', 't7'], { older: 'more', newer: true }),
  ];
  const merged = mergePages([far, near], { before: 't9' });
  expect([times(merged), merged.older]).toEqual([['t6', 't7', 't8'], 'more']);
});

test('so are newer ones', () => {
  const merged = mergePages([page(['t1', 't2'], { newer: true }), page(['t1', 't7'], { older: 'more' })], {
    after: 't0',
  });
  expect([times(merged), merged.newer]).toEqual([['t1', 't1', 't2'], true]);
});

test('around a time both ends are cut', () => {
  const merged = mergePages(
    [
      page(['t2', 't8'], { older: 'more' }),
      page(['t1', 't5', 't9'], { newer: true }),
      page(['t3', 't6'], { newer: true, older: 'more' }),
    ],
    { at: 't5' },
  );
  expect(times(merged)).toEqual(['t3', 't5', 't6']);
});

test.each([
  { olders: ['none', 'beyond'], older: 'beyond' },
  { olders: ['none', 'none'], older: 'none' },
  { olders: ['beyond', 'more'], older: 'more' },
] as const)('$olders is $older', ({ olders, older }) => {
  const merged = mergePages(
    olders.map((one, at) => page(['t1'], { older: one, completeFrom: `t${at}`, notes: [one] })),
    { at: 't1' },
  );
  expect([merged.older, merged.completeFrom, merged.notes]).toEqual([older, 't1', olders]);
});
