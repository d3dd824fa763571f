// What the GPU detector looks at: one series a GPU and metric, from the nvidia-smi family.
import type { MetricSpec } from '../detector.ts';
import { aggregate, meanOf, riseOf, selector } from '../promql.ts';

const entity = ['instance', 'uuid'];

function level(metric: string, words: string, unit: MetricSpec['unit'], name: string): MetricSpec {
  return {
    metric,
    words,
    unit,
    expression: (match, windows) => aggregate('max', entity, meanOf(selector(name, match), windows)),
  };
}

export const gpuMetrics: readonly MetricSpec[] = [
  level('utilization', 'GPU use', 'ratio', 'nvidia_smi_utilization_gpu_ratio'),
  level('memory_used', 'GPU memory in use', 'bytes', 'nvidia_smi_memory_used_bytes'),
  level('temperature', 'GPU temperature', 'celsius', 'nvidia_smi_temperature_gpu'),
  level('power', 'GPU power draw', 'watts', 'nvidia_smi_power_draw_watts'),
  level('sm_clock', 'GPU clock', 'hertz', 'nvidia_smi_clocks_current_sm_clock_hz'),
  level('memory_clock', 'GPU memory clock', 'hertz', 'nvidia_smi_clocks_current_memory_clock_hz'),
  {
    metric: 'ecc_errors',
    words: 'uncorrected memory errors',
    unit: '1/s',
    // a gauge upstream, in spite of its name: no rate() of it
    expression: (match, windows) =>
      aggregate('max', entity, riseOf(selector('nvidia_smi_ecc_errors_uncorrected_aggregate_total', match), windows)),
  },
];
