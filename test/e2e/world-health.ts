// What the detectors of the machine with an incident say of themselves and of everything that they watch.
import type { DetectorHealth, SeriesHealth } from '../../core/contracts/health.ts';
import { gibibyte, gpu, instance, isHostile, lastingName, type Member, present, type Scene } from './world-scene.ts';
import { bandOf, cpuOf, gpuReadings, isRaised, memoryOf, scoreOf } from './world-series.ts';

type DetectorName = DetectorHealth['detector'];

/** Undefined of one that does not answer. */
export function healthOf(detector: DetectorName, now: number, scene: Scene): DetectorHealth | undefined {
  if (detector === 'process' && scene.troubles) return undefined;
  const answering = detector !== 'disk' || !scene.troubles;
  return {
    ...{ detector, atSeconds: now, tickSeconds: 15, rowSeconds: 60, ready: true, errorsTotal: 0, refusedModels: [] },
    prometheus: { answering, lastAnswerSeconds: now - 5, lastError: null, lastErrorSeconds: null },
    ...{ overflow: { entities: 0, series: 0 }, training: { waiting: 0, lastOutcome: null } },
    entities: entitiesOf(detector, now, scene),
  };
}

function entitiesOf(detector: DetectorName, now: number, scene: Scene): DetectorHealth['entities'] {
  if (detector === 'container')
    return present(scene).map((one) => ({ labels: entityLabels(one), series: judgementsOf(one, now, scene) }));
  if (detector !== 'gpu') return [];
  const series = gpuReadings.map(({ metric, unit, value, low, high, score }) =>
    made(now, metric, unit, value(now), { score: score(now), expectedLow: low, expectedHigh: high }),
  );
  return [{ labels: { instance, uuid: gpu.uuid }, series }];
}

/** The labels that a replica keeps over its tasks. */
export function entityLabels({ name, deployment, revision }: Member): Record<string, string> {
  return {
    ...{ instance, name: lastingName(name).slice(0, 200) },
    ...(deployment && { deployment }),
    ...(revision && { revision }),
  };
}

/** When its alert was raised. */
export function raisedAt(one: Member, scene: Scene): number | null {
  if (one.leak === undefined) return null;
  for (let at = scene.began; at < scene.began + 3_600; at += 15) if (isRaised(scoreOf(one, at, scene))) return at;
  return null;
}

/** "1 in 4,000", to two figures. */
export function sayRarity(score: number): string {
  const one = 1 / (1 - score / 100);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(one)) - 1);
  return `1 in ${(Math.round(one / step) * step).toLocaleString('en')}`;
}

function judgementsOf(one: Member, now: number, scene: Scene): SeriesHealth[] {
  if (isHostile(one)) {
    const learning = { mode: 'statistical', reason: 'learning', warmingSecondsLeft: 5_400 } as const;
    return [made(now, 'memory', 'bytes', one.memory, learning)];
  }
  const score = scoreOf(one, now, scene) ?? null;
  const { low, high } = bandOf(one, now);
  const raised = one.leak !== undefined && score !== null && isRaised(score);
  const why = { feature: 'growth', share: 0.71, words: 'Memory growth: 71 % of the score' };
  return [
    made(now, 'cpu', 's/s', cpuOf(one, now), { score: score === null ? null : score * 0.8 }),
    made(now, 'memory', 'bytes', toTenths(memoryOf(one, now, scene), one), {
      ...{ score, expectedLow: toTenths(low, one), expectedHigh: toTenths(high, one) },
      ...(raised && {
        ...{ rarity: sayRarity(score), contributions: [why] },
        alert: { raised, sinceSeconds: raisedAt(one, scene) },
      }),
    }),
  ];
}

/** What everybody looks at is said in tenths of a gibibyte, so that it reads the same for minutes. */
function toTenths(bytes: number, { leak }: Member): number {
  return leak === undefined ? bytes : (Math.round((10 * bytes) / gibibyte) / 10) * gibibyte;
}

function made(now: number, metric: string, unit: string, value: number, more: Partial<SeriesHealth>): SeriesHealth {
  return {
    ...{ metric, unit, value, mode: 'model', reason: null, warmingSecondsLeft: null, score: null, rarity: null },
    ...{ expectedLow: value * 0.8, expectedHigh: value * 1.15, contributions: [] },
    alert: { raised: false, sinceSeconds: null },
    ...{ lastSampleSeconds: now - 9, lastEvaluationSeconds: now - 4, evaluationDurationSeconds: 0.002, model: null },
    ...more,
  };
}
