// The collector's rows: seven calls that read. Nothing else is answered on its socket.
import { cleanEvent, inspectedContainer, listedContainer, project, strip } from './clean.ts';
import { filters, flag, off, timestamp, whole } from './query.ts';
import { lines, list, one, type Row, row, text } from './row.ts';

/** An idle host sends no event for hours; a reader whose stream ends lists anew and opens the next one. */
export const eventsIdleSeconds = 900;

export const containerFilters = filters(
  'id',
  'name',
  'label',
  'status',
  'health',
  'is-task',
  'network',
  'volume',
  'ancestor',
);
export const eventFilters = filters(
  'type',
  'event',
  'container',
  'image',
  'label',
  'service',
  'node',
  'network',
  'volume',
  'scope',
);

export const readTable: readonly Row[] = [
  row('GET /_ping', 'collector', { answer: text, deadlineSeconds: 5 }),
  row('GET /version', 'collector', { answer: one(strip) }),
  row('GET /info', 'collector', { answer: one(strip), deadlineSeconds: 20 }),
  row('GET /events', 'collector', {
    query: { since: timestamp, until: timestamp, filters: eventFilters },
    answer: lines(cleanEvent),
    idleSeconds: eventsIdleSeconds,
  }),
  // `size` is not in the list: the engine walks every container's files for it.
  row('GET /containers/json', 'collector', {
    query: { all: flag, limit: whole(100_000), filters: containerFilters },
    answer: list((container) => project(container, listedContainer)),
    deadlineSeconds: 20,
  }),
  row('GET /containers/{id}/json', 'collector', { answer: one((container) => project(container, inspectedContainer)) }),
  // One answer at a time: an open statistics stream for each container wears the engine down.
  row('GET /containers/{id}/stats', 'collector', {
    query: { stream: off, 'one-shot': flag },
    demanded: ['stream'],
    answer: one(strip),
  }),
];
