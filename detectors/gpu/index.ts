// The GPU detector: one entity a GPU, known by its uuid, for an index changes between boots.
import type { Detector } from '../detector.ts';
import { anyOf } from '../promql.ts';
import { gpuMetrics } from './features.ts';

export const gpu: Detector = {
  name: 'gpu',
  metrics: gpuMetrics,
  identify({ instance, uuid }) {
    if (!instance || !uuid) return undefined;
    const key = JSON.stringify([instance, uuid]);
    return { key, labels: { instance, uuid }, modelKey: key };
  },
  match: (entities) =>
    anyOf(
      'uuid',
      entities.map(({ labels }) => labels.uuid!),
    ),
};
