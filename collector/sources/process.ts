// What the collector itself costs: CPU, memory, file descriptors.
import { createProcessCost, processMetrics } from '../../core/lib/process-cost.ts';
import type { Source } from '../source.ts';

export function createProcess(): Source {
  return { name: 'process', metrics: processMetrics, read: createProcessCost() };
}
