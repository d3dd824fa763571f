// The GPU detector: entities by uuid, series from the nvidia-smi family.
import { expect, test } from 'vitest';
import { gpu } from '../../detectors/gpu/index.ts';

const windows = { row: '1m', rate: '75s' };

test.each([
  { labels: { instance: 'n', uuid: 'ab' }, wanted: { instance: 'n', uuid: 'ab' } },
  { labels: { instance: 'n', uuid: 'ab', index: '0', name: 'H100' }, wanted: { instance: 'n', uuid: 'ab' } },
  { labels: { instance: 'n' }, wanted: undefined },
  { labels: { uuid: 'ab' }, wanted: undefined },
])('$labels', ({ labels, wanted }) => {
  expect(gpu.identify(labels)?.labels).toEqual(wanted);
});

test('every metric is one series a GPU, for all and for some', () => {
  const match = gpu.match([gpu.identify({ instance: 'n', uuid: 'ab' })!]);
  for (const { expression } of gpu.metrics) {
    expect(expression('', windows)).toMatch(/^max by \(instance, uuid\) \(.*nvidia_smi_/);
    expect(expression(match, windows)).toContain('uuid=~"ab"');
  }
  expect(gpu.metrics.map(({ metric }) => metric)).toEqual([
    'utilization',
    'memory_used',
    'temperature',
    'power',
    'sm_clock',
    'memory_clock',
    'ecc_errors',
  ]);
});
