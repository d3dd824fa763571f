// The process detector: one entity a group of processes on one machine.
import type { Detector } from '../detector.ts';
import { anyOf } from '../promql.ts';
import { processMetrics } from './features.ts';

export const processes: Detector = {
  name: 'process',
  metrics: processMetrics,
  identify({ instance, groupname }) {
    if (!instance || !groupname) return undefined;
    const key = JSON.stringify([instance, groupname]);
    return { key, labels: { instance, groupname }, modelKey: key };
  },
  match: (entities) =>
    anyOf(
      'groupname',
      entities.map(({ labels }) => labels.groupname!),
    ),
};
