// The list of detectors: name, what it watches and the setting that holds its port.
import { container } from './container/index.ts';
import type { Detector } from './detector.ts';
import { disk } from './disk/index.ts';
import { gpu } from './gpu/index.ts';
import { processes } from './process/index.ts';

export interface Listed {
  detector: Detector;
  port: 'gpuPort' | 'containerPort' | 'processPort' | 'diskPort';
}

export const detectors: readonly Listed[] = [
  { detector: gpu, port: 'gpuPort' },
  { detector: container, port: 'containerPort' },
  { detector: processes, port: 'processPort' },
  { detector: disk, port: 'diskPort' },
];
