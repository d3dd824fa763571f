// What the engine told about memory, as a metric: a container that is killed as a whole takes its own counter along, and this stays.
import { counter, gauge, type Metric, type Sample, sample } from '../../../core/contracts/sample.ts';
import type { EventRing } from './events.ts';

export const eventMetrics: readonly Metric[] = [
  counter(
    'odyssey_container_oom_events_total',
    'Times that the engine on this machine told of a container out of memory.',
  ),
  gauge(
    'odyssey_container_oom_timestamp_seconds',
    'When the engine on this machine last told that a container was out of memory, for an hour.',
  ),
];

const keptSeconds = 3_600;
/** Series at a time; the newest are kept. */
const containersMax = 500;

/** `now` in Unix seconds. A time for each, not a count: the first of a count would not be seen to rise. */
export function eventSamples(events: Pick<EventRing, 'outOfMemory' | 'outOfMemoryTotal'>, now: number): Sample[] {
  const times = [...events.outOfMemory()]
    .filter(([, seconds]) => now - seconds <= keptSeconds)
    .sort(([, a], [, b]) => b - a)
    .slice(0, containersMax)
    .map(([name, seconds]) => sample('odyssey_container_oom_timestamp_seconds', seconds, { name }));
  return [sample('odyssey_container_oom_events_total', events.outOfMemoryTotal), ...times];
}
