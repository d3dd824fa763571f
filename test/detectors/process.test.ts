// The process detector: entities by group, series in process-exporter's names.
import { expect, test } from 'vitest';
import { processes } from '../../detectors/process/index.ts';

test.each([
  { labels: { instance: 'n', groupname: 'redis' }, wanted: { instance: 'n', groupname: 'redis' } },
  { labels: { instance: 'n' }, wanted: undefined },
])('$labels', ({ labels, wanted }) => {
  expect(processes.identify(labels)?.labels).toEqual(wanted);
});

test('every metric is one series a group', () => {
  const match = processes.match([processes.identify({ instance: 'n', groupname: 'a"b' })!]);
  for (const { expression } of processes.metrics) {
    const text = expression(match, { row: '1m', rate: '75s' });
    expect(text).toMatch(/^sum by \(instance, groupname\) \(/);
    expect(text).toContain('groupname=~"a\\"b"');
  }
});
