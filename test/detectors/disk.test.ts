// The disk detector: devices, and filesystems with their mount point.
import { expect, test } from 'vitest';
import { disk } from '../../detectors/disk/index.ts';

test.each([
  { labels: { instance: 'n', device: 'sda' }, wanted: { instance: 'n', device: 'sda' } },
  {
    labels: { instance: 'n', device: '/dev/sda1', mountpoint: '/' },
    wanted: { instance: 'n', device: '/dev/sda1', mountpoint: '/' },
  },
  { labels: { instance: 'n', mountpoint: '/' }, wanted: undefined },
])('$labels', ({ labels, wanted }) => {
  expect(disk.identify(labels)?.labels).toEqual(wanted);
});

test('a device and a filesystem on it are two entities', () => {
  const keys = [{}, { mountpoint: '/' }, { mountpoint: '/srv' }].map(
    (more) => disk.identify({ instance: 'n', device: 'sda', ...more })!.key,
  );
  expect(new Set(keys).size).toBe(3);
});

test('what is kept in memory and what is no disk is left out', () => {
  for (const { metric, expression } of disk.metrics) {
    const text = expression('device=~"sda"', { row: '1m', rate: '75s' });
    expect(text, metric).toMatch(/tmpfs|device!~"\(loop/);
    expect(text, metric).toContain('device=~"sda"');
  }
});
