// Settings of the detectors: defaults as documented, mistakes refused together.
import { expect, test } from 'vitest';
import { readDetectorsConfig } from '../../detectors/config.ts';

test('defaults', () => {
  expect(readDetectorsConfig({})).toMatchObject({
    gpuPort: 9405,
    containerPort: 9406,
    processPort: 9407,
    diskPort: 9408,
    host: '127.0.0.1',
    tickSeconds: 15,
    rowSeconds: 60,
    windowSeconds: 604_800,
    retrainSeconds: 21_600,
    normalisation: 'percentile',
    controlPlaneUrl: undefined,
  });
});

test.each([
  { DETECTOR_TICK: '0s' },
  { DETECTOR_PROMETHEUS_TIMEOUT: '11s' },
  { DETECTOR_NORMALISATION: 'p5' },
  { DETECTOR_GPU_PORT: '0' },
  { DETECTOR_SEED: '-1' },
  { PROMETHEUS_URL: 'localhost' },
  { CONTROL_PLANE_URL: 'ftp://x' },
  { DETECTOR_TICKS: '15s' },
  { DETECTOR_TICK: '7s' },
])('%o is refused', (environment) => {
  expect(() => readDetectorsConfig(environment)).toThrow(Object.keys(environment)[0]);
});
