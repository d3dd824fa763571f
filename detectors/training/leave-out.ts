// Stretches of time that no model learns from: under an own alert, under a critical alert of the same thing, or said so by a person.
import type { Prometheus } from '../../core/runtime/prometheus.ts';
import { alertStretches } from '../alert-latch.ts';
import { allMetrics, type Detector, type Entity } from '../detector.ts';
import type { Judged } from '../feedback.ts';
import type { Interval } from '../models/model.ts';
import { quote } from '../promql.ts';
import type { EntityTrack } from '../track.ts';
import { duration } from '../windows.ts';

/** Coarser than a row: alerts last minutes, and a stretch is cut generously. */
const stepSeconds = 60;
const pointsMax = 10_800;

/** By entity's key, then by metric; rejects when Prometheus does not say, for then nobody knows what must stay out. */
export async function fetchLeaveOut(
  prometheus: Prometheus,
  detector: Detector,
  tracks: readonly EntityTrack[],
  range: { startSeconds: number; endSeconds: number },
  judged: readonly Judged[],
): Promise<Map<string, Map<string, Interval[]>>> {
  const metrics = [...detector.metrics.map(({ metric }) => metric), allMetrics];
  const entities = tracks.map(({ entity }) => entity);
  const leaveOut = new Map(
    entities.map(({ key }) => [key, new Map(metrics.map((metric) => [metric, [] as Interval[]]))]),
  );
  for (const { labels, intervals } of await askAlerts(prometheus, detector, entities, range)) {
    const ofEntity = leaveOut.get(detector.identify(labels)?.key ?? '');
    const own = labels.metric !== undefined && ofEntity?.get(labels.metric);
    if (own) own.push(...intervals);
    else for (const metric of metrics) ofEntity?.get(metric)?.push(...intervals);
  }
  for (const track of tracks) {
    for (const series of [...track.series, track.all]) {
      if (series)
        leaveOut
          .get(track.entity.key)!
          .get(series.metric)!
          .push(...alertStretches(series.latch, range.endSeconds));
    }
  }
  return applyJudgements(leaveOut, judged);
}

/** What a person called expected stays in, what was called unexpected goes out. */
function applyJudgements(
  leaveOut: Map<string, Map<string, Interval[]>>,
  judged: readonly Judged[],
): Map<string, Map<string, Interval[]>> {
  for (const { key, metric, startSeconds, endSeconds, expected } of judged) {
    const intervals = leaveOut.get(key)?.get(metric);
    if (intervals === undefined) continue;
    if (!expected) intervals.push({ startSeconds, endSeconds });
    else
      leaveOut.get(key)!.set(
        metric,
        intervals.flatMap((interval) => without(interval, { startSeconds, endSeconds })),
      );
  }
  return leaveOut;
}

/** What is left of one stretch when another is taken out of it: none, one or two parts. */
export function without(from: Interval, taken: Interval): Interval[] {
  const before = { startSeconds: from.startSeconds, endSeconds: Math.min(from.endSeconds, taken.startSeconds) };
  const after = { startSeconds: Math.max(from.startSeconds, taken.endSeconds), endSeconds: from.endSeconds };
  return [before, after].filter(({ startSeconds, endSeconds }) => startSeconds < endSeconds);
}

/** Points of a 0/1 series at which it is there, as stretches that reach one step back. */
export function stretchesOf(times: ArrayLike<number>): Interval[] {
  const stretches: Interval[] = [];
  for (let index = 0; index < times.length; index++) {
    const time = times[index]!;
    const last = stretches.at(-1);
    if (last && time - last.endSeconds <= stepSeconds) last.endSeconds = time;
    else stretches.push({ startSeconds: time - stepSeconds, endSeconds: time });
  }
  return stretches;
}

async function askAlerts(
  prometheus: Prometheus,
  detector: Detector,
  entities: readonly Entity[],
  { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number },
) {
  const match = detector.match(entities);
  const own = `max_over_time(anomaly_alert{detector="${quote(detector.name)}",${match}}[${duration(stepSeconds)}]) == 1`;
  const critical = `ALERTS{alertstate="firing",severity="critical",${match}}`;
  const found: { labels: Record<string, string>; intervals: Interval[] }[] = [];
  for (const expression of [own, critical]) {
    for (let start = startSeconds; start <= endSeconds; start += pointsMax * stepSeconds) {
      const end = Math.min(endSeconds, start + (pointsMax - 1) * stepSeconds);
      const series = await prometheus.queryRange(expression, { startSeconds: start, endSeconds: end, stepSeconds });
      for (const { labels, times } of series) found.push({ labels, intervals: stretchesOf(times) });
    }
  }
  return found;
}
