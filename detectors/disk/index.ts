// The disk detector: one entity a device, and one a filesystem, which has its mount point as a further label.
import type { Detector } from '../detector.ts';
import { anyOf } from '../promql.ts';
import { diskMetrics } from './features.ts';

export const disk: Detector = {
  name: 'disk',
  metrics: diskMetrics,
  identify({ instance, device, mountpoint }) {
    if (!instance || !device) return undefined;
    const labels = mountpoint ? { instance, device, mountpoint } : { instance, device };
    const key = JSON.stringify(Object.values(labels));
    return { key, labels, modelKey: key };
  },
  match: (entities) =>
    anyOf(
      'device',
      entities.map(({ labels }) => labels.device!),
    ),
};
