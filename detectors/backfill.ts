// Reads back the last hours of entities that were just admitted, so that a restart serves scores at once.
import { readRange } from './answer.ts';
import { allMetrics } from './detector.ts';
import { loadKey } from './library.ts';
import { openAllOn, openOn } from './opening.ts';
import type { Ports } from './ports.ts';
import { quote } from './promql.ts';
import { noteError, noteRefusal } from './state.ts';
import { seriesTrack } from './table.ts';
import type { EntityTrack } from './track.ts';
import type { Watched, WatchSettings } from './watch.ts';
import { duration, windowsOf } from './windows.ts';

/** Ticks that are read back: as many as the statistical voter keeps. */
const ticksBack = 960;
/** Entities of one query: an answer stays below 300 KB, and what is parsed from it below 2 MB. */
const entitiesAtOnce = 10;
const triesMax = 3;
/** An alert that was raised when the process ended this long ago or less is taken up again. */
const alertBackSeconds = 600;

/** Tries again at later ticks, three times in all; failures are counted. Afterwards the entity learns from now on. */
export async function backfill(
  watched: Watched,
  timeSeconds: number,
  ports: Ports,
  settings: WatchSettings,
): Promise<void> {
  const waiting = [...watched.state.tracks.values()].filter((track) => !track.backfilled);
  for (let from = 0; from < waiting.length; from += entitiesAtOnce) {
    const tracks = waiting.slice(from, from + entitiesAtOnce);
    for (const track of tracks) track.backfillTries++;
    try {
      await backfillSome(watched, tracks, timeSeconds, ports, settings);
      for (const track of tracks) track.backfilled = true;
    } catch (error) {
      noteError(watched.state, `history could not be read back: ${(error as Error).message}`);
      for (const track of tracks) track.backfilled = track.backfillTries >= triesMax;
      return; // Prometheus is in trouble: no further questions in this tick
    }
  }
}

async function backfillSome(
  { state, library }: Watched,
  tracks: readonly EntityTrack[],
  timeSeconds: number,
  { prometheus, store, clock }: Ports,
  settings: WatchSettings,
): Promise<void> {
  const { detector } = state;
  for (const { entity } of tracks) {
    await loadKey(library, detector, entity.modelKey, store, (refusal) =>
      noteRefusal(state, { ...refusal, atSeconds: clock.unixSeconds() }),
    );
  }
  const { tickSeconds, rowSeconds } = settings;
  const grid = { startSeconds: timeSeconds - ticksBack * tickSeconds, stepSeconds: tickSeconds, count: ticksBack };
  const range = { startSeconds: grid.startSeconds, endSeconds: timeSeconds - tickSeconds, stepSeconds: tickSeconds };
  const rows = { timeSeconds, rowSeconds };
  const match = detector.match(tracks.map(({ entity }) => entity));
  const history = new Map(tracks.map(({ entity }) => [entity.key, [] as (Float64Array | undefined)[]]));
  for (const [index, spec] of detector.metrics.entries()) {
    const answer = await prometheus.queryRange(spec.expression(match, windowsOf(settings)), range);
    const byKey = readRange(detector, answer, grid);
    for (const track of tracks) {
      const values = byKey.get(track.entity.key);
      if (values === undefined) continue;
      history.get(track.entity.key)![index] = values;
      const series = seriesTrack(state, track, index, settings.seriesMax);
      const model = library.get(track.entity.modelKey)?.series.get(spec.metric);
      if (series) openOn(series, model, values, grid, rows);
    }
  }
  const names = detector.metrics.map(({ metric }) => metric);
  for (const track of tracks) {
    const model = library.get(track.entity.modelKey)?.entity;
    track.all.samples = Math.max(0, ...track.series.map((series) => series?.samples ?? 0));
    if (model) openAllOn(track, model, names, history.get(track.entity.key)!, grid, rows);
  }
  await takeUpAlerts(tracks, timeSeconds, { state, library }, prometheus);
}

/** What was raised a few minutes ago is still raised: an alert must not fall because its detector was restarted. */
async function takeUpAlerts(
  tracks: readonly EntityTrack[],
  timeSeconds: number,
  { state }: Watched,
  prometheus: Ports['prometheus'],
): Promise<void> {
  const name = quote(state.detector.name);
  const raised = `last_over_time(anomaly_alert{detector="${name}"}[${duration(alertBackSeconds)}]) == 1`;
  for (const { labels } of await prometheus.query(raised, timeSeconds)) {
    const key = state.detector.identify(labels)?.key;
    const track = tracks.find(({ entity }) => entity.key === key);
    const { metric } = labels;
    const series = metric === allMetrics ? track?.all : track?.series.find((each) => each?.metric === metric);
    if (series === undefined || series.latch.raisedAtSeconds !== undefined) continue;
    series.latch.raisedAtSeconds = timeSeconds;
    series.latch.restlessAtSeconds = timeSeconds;
  }
}
