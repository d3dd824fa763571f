// Which entities a detector keeps: those it has room for, and none that has been gone for minutes.
import type { Entity } from './detector.ts';
import type { DetectorState } from './state.ts';
import { type EntityTrack, openSeriesTrack, openTrack, type SeriesTrack } from './track.ts';

/** Who is gone must have lost its series within 5 minutes; the rest is for the scrape that notices. */
const goneSeconds = 240;
/** A clock that falls back further than this starts an entity anew; for less, its ticks are dropped. */
const backwardsSecondsMax = 600;

export interface Caps {
  entitiesMax: number;
  seriesMax: number;
}

export interface Seen {
  entity: Entity;
  /** Orders those that ask for the last places: the busiest first. */
  weight: number;
}

/** Notes who is there and admits the new while there is room; returns the newly admitted. O(seen log seen). */
export function admit(state: DetectorState, seen: readonly Seen[], caps: Caps, timeSeconds: number): EntityTrack[] {
  const newcomers: Seen[] = [];
  for (const each of seen) {
    const track = state.tracks.get(each.entity.key);
    if (track === undefined || track.lastTickSeconds - timeSeconds > backwardsSecondsMax) {
      newcomers.push(each);
    } else {
      track.seenAtSeconds = timeSeconds;
      track.entity = each.entity; // a new revision of the same replica
    }
  }
  newcomers.sort((left, right) => right.weight - left.weight || (left.entity.key < right.entity.key ? -1 : 1));
  const admitted: EntityTrack[] = [];
  let refused = 0;
  for (const { entity } of newcomers) {
    const known = state.tracks.has(entity.key);
    if (!known && (state.tracks.size >= caps.entitiesMax || countSeries(state) + 2 > caps.seriesMax)) {
      refused++;
      continue;
    }
    const track = openTrack(entity, state.detector.metrics.length, timeSeconds);
    state.tracks.set(entity.key, track);
    admitted.push(track);
  }
  state.overflowEntities = refused;
  state.overflowEntitiesTotal += refused;
  return admitted;
}

/** Drops who has not been seen for minutes, though Prometheus answered; returns the dropped. */
export function expire(state: DetectorState, timeSeconds: number): EntityTrack[] {
  const gone = [...state.tracks.values()].filter((track) => timeSeconds - track.seenAtSeconds >= goneSeconds);
  for (const track of gone) {
    state.tracks.delete(track.entity.key);
    state.droppedTicksGone += track.droppedTicks;
  }
  return gone;
}

/** The track of one series, made at its first value while there is room; undefined when there is none. */
export function seriesTrack(
  state: DetectorState,
  track: EntityTrack,
  index: number,
  seriesMax: number,
): SeriesTrack | undefined {
  const there = track.series[index];
  if (there !== undefined) return there;
  if (countSeries(state) >= seriesMax) {
    state.overflowSeries++;
    state.overflowSeriesTotal++;
    return undefined;
  }
  const series = openSeriesTrack(state.detector.metrics[index]!.metric);
  track.series[index] = series;
  return series;
}

/** Series of all entities, those of all metrics together included. */
export function countSeries(state: DetectorState): number {
  let count = 0;
  for (const track of state.tracks.values()) count += 1 + track.series.filter((series) => series !== undefined).length;
  return count;
}
