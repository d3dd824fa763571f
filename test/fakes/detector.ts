// A detector with two metrics and no PromQL to speak of, and everything else that the detectors' services ask for.

import { createRandom } from '../../core/lib/random.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Detector } from '../../detectors/detector.ts';
import type { ModelPlace, ModelStore, Ports, Trainer } from '../../detectors/ports.ts';
import { type DetectorState, openState } from '../../detectors/state.ts';
import { runJob } from '../../detectors/training/fit.ts';
import type { TrainingJob } from '../../detectors/training/job.ts';
import type { Watched, WatchSettings } from '../../detectors/watch.ts';
import { type FakePrometheus, type FakeSeries, fakePrometheus } from './prometheus.ts';

/** Expressions are the metrics' names; entities are known by `name`, and share a model by `group`. */
export const twoMetrics: Detector = {
  name: 'container',
  metrics: ['load', 'depth'].map((metric) => ({
    metric,
    words: `the ${metric}`,
    unit: 'count',
    expression: () => metric,
  })),
  identify: ({ name, group }) =>
    name ? { key: name, labels: { instance: 'here', name }, modelKey: group ?? name } : undefined,
  match: () => '',
};

export const settings: WatchSettings & {
  windowSeconds: number;
  retrainSeconds: number;
  seed: number;
  normalisation: 'percentile';
} = {
  tickSeconds: 15,
  rowSeconds: 60,
  entitiesMax: 10,
  seriesMax: 40,
  windowSeconds: 86_400,
  retrainSeconds: 6 * 3600,
  seed: 7,
  normalisation: 'percentile',
};

/** A wavy series with noise that depends on the time alone, so that history and the present agree. */
export function wave(name: string, more: Partial<FakeSeries> & { group?: string } = {}): FakeSeries {
  const salt = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  return {
    labels: { name, ...(more.group && { group: more.group }) },
    valueAt: more.valueAt ?? ((time) => 100 + 10 * noise(salt, time) + 5 * Math.sin(time / 9000)),
  };
}

export function noise(salt: number, time: number): number {
  const random = createRandom((salt + Math.round(time)) >>> 0);
  return random() + random() + random() - 1.5;
}

export interface FakePorts extends Ports {
  prometheus: FakePrometheus;
  clock: Clock & { now: number };
  store: ModelStore & { saved: Map<string, Uint8Array>; refuse: { file: string; reason: string }[] };
  trainer: Trainer & { jobs: TrainingJob[]; failure: Error | undefined };
}

/** Time stands still until a test moves `clock.now`; training runs in this very thread. */
export function fakePorts(series: Record<string, FakeSeries[]> = {}, now = 1_800_000_000): FakePorts {
  const quiet = () => undefined;
  const clock: FakePorts['clock'] = {
    now,
    unixSeconds: () => clock.now,
    monotonicSeconds: () => clock.now,
    sleep: async (seconds) => {
      clock.now += seconds;
    },
  };
  const trainer: FakePorts['trainer'] = {
    jobs: [],
    failure: undefined,
    run: async (job) => {
      trainer.jobs.push(job);
      if (trainer.failure) throw trainer.failure;
      return runJob(job);
    },
    rest: async () => undefined,
  };
  return {
    prometheus: fakePrometheus(series),
    clock,
    random: createRandom(1),
    store: memoryStore(),
    trainer,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet } as unknown as Ports['log'],
  };
}

function memoryStore(): FakePorts['store'] {
  const saved = new Map<string, Uint8Array>();
  const refuse: { file: string; reason: string }[] = [];
  const key = ({ detector, modelKey, metric }: ModelPlace) => `${detector}/${modelKey}/${metric}`;
  return {
    saved,
    refuse,
    load: async (place, decode) => {
      const bytes = saved.get(key(place));
      return { model: bytes && decode(bytes), refused: refuse.splice(0) };
    },
    save: async (place, bytes) => {
      saved.set(key(place), bytes);
    },
  };
}

export function watching(): Watched & { state: DetectorState } {
  return { state: openState(twoMetrics), library: new Map() };
}
