// What the gallery shows: queries that stand at each face, and values that are made up but look like real ones.
import type { LogLine } from '../../../core/contracts/logs.ts';
import type { HeatRow } from '../values/heat.ts';
import { ApiError, silenceError } from './api-error.ts';
import type { Ports } from './ports.ts';
import { Query } from './query.svelte.ts';

/** Markup, a change of direction, escapes, length. */
export const hostileText = `<b onclick=alert(1)>shop</b>${String.fromCodePoint(0x202e)}gnp.exe\u001b[31m\r\n${'long'.repeat(40)}`;

type Clock = Pick<Ports, 'unixSeconds' | 'every'>;

const refusal = new ApiError({
  ...{ type: 'urn:odyssey:problem:not-allowed', title: 'Not allowed', status: 403, requestId: '5f2c9a1e' },
  detail: 'This needs the permission environment:write. An admin can grant it to you.',
});
const failure = new ApiError(
  {
    ...{ type: 'urn:odyssey:problem:no-answer', title: 'Not possible right now', status: 503, requestId: '81c0d4b7' },
    detail: 'Prometheus gives no usable answer right now; what it knows is unknown. Try again soon.',
  },
  15,
);

export function queriesOfEveryFace(clock: Clock): { title: string; query: Query<unknown>; empty: boolean }[] {
  const made = (prepare: (query: Query<unknown>) => void): Query<unknown> => {
    const query = new Query<unknown>(() => Promise.reject(silenceError('unreachable')), clock);
    prepare(query);
    return query;
  };
  const there = (query: Query<unknown>) => query.put({});
  return [
    { title: 'Loading', empty: false, query: made(() => {}) },
    { title: 'There', empty: false, query: made(there) },
    { title: 'Empty', empty: true, query: made(there) },
    {
      ...{ title: 'Failed', empty: false },
      query: made((query) => {
        query.error = failure;
      }),
    },
    {
      ...{ title: 'Refused', empty: false },
      query: made((query) => {
        query.error = refusal;
      }),
    },
    {
      ...{ title: 'Stale', empty: false },
      query: made((query) => {
        there(query);
        query.at = clock.unixSeconds() - 312;
        query.error = silenceError('unreachable');
      }),
    },
  ];
}

/** A number between 0 and 1 that is always the same for the same place. */
function noise(place: number): number {
  const value = Math.sin(place * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

const points = 240;

/** Times up to now, a course with a gap and a rise at its end, the band it should keep to, and its scores. */
export function course(now: number, stepSeconds = 15) {
  const first = Math.floor(now / stepSeconds) * stepSeconds - (points - 1) * stepSeconds;
  const places = Array.from({ length: points }, (_, place) => place);
  const rise = (place: number) => Math.max(0, place - 190) * 0.014;
  return {
    times: places.map((place) => first + place * stepSeconds),
    values: places.map((place) => (place > 90 && place < 104 ? null : 1.2e9 * (1 + 0.06 * noise(place) + rise(place)))),
    band: { low: places.map(() => 1.1e9), high: places.map((place) => 1.36e9 + 2e7 * Math.sin(place / 30)) },
    scores: places.map((place) =>
      place > 90 && place < 104 ? null : Math.min(99.99, 60 * noise(place * 7) + rise(place) * 120),
    ),
    marks: [
      { atSeconds: first + 188 * stepSeconds, kind: 'deploy' as const },
      { atSeconds: first + 205 * stepSeconds, kind: 'alert' as const },
    ],
  };
}

export function manySeries(count: number, now: number) {
  const { times } = course(now);
  const series = Array.from({ length: count }, (_, index) => ({
    name: `worker-${index + 1}`,
    values: times.map((_, place) => 0.2 * (index + 1) * (0.8 + 0.4 * noise(place + index * 31))),
  }));
  return { times, series };
}

export function heatRows(): HeatRow[] {
  const row = (title: string, score: (place: number) => number | null, warming = false): HeatRow => ({
    ...{ id: title, title, warming },
    scores: Array.from({ length: 60 }, (_, place) => score(place)),
  });
  return [
    row('shop-api', (place) => (place > 38 ? Math.min(99.995, 96 + (place - 38) * 0.2) : 70 * noise(place))),
    row('search', (place) => (place > 14 && place < 20 ? 99.3 : 80 * noise(place * 3))),
    row('redis', (place) => 92 * noise(place * 5)),
    row('worker-1', (place) => (place > 40 && place < 48 ? null : 60 * noise(place * 11))),
    row('just started', () => null, true),
    row(hostileText, () => null),
  ];
}

export interface GalleryRow {
  name: string;
  image: string;
  state: 'running' | 'exited' | 'restarting';
  cpu: number | null;
  memory: number | null;
}

export function galleryRows(count: number): GalleryRow[] {
  return Array.from({ length: count }, (_, index) => ({
    name: index === 3 ? hostileText : `shop-api-${index + 1}`,
    image: `registry.example/shop/api:1.${index % 17}`,
    state: index % 11 === 4 ? 'exited' : index % 23 === 9 ? 'restarting' : 'running',
    cpu: index % 13 === 5 ? null : 2 * noise(index),
    memory: index % 13 === 5 ? null : 4e9 * noise(index * 3),
  }));
}

const texts = [
  ...[
    'GET /orders 200 in 12 ms',
    'cache miss for user 4711',
    '{"level":"info","msg":"order placed","order":{"id":99,"total":12.5}}',
  ],
  ...['retrying payment gateway, try 2 of 3', 'Error: connect ECONNREFUSED 10.0.4.7:5432'],
] as const;
const levels = ['info', 'debug', 'info', 'warn', 'error'] as const;

export function logLines(count: number, isoTime: (index: number) => string): LogLine[] {
  return Array.from({ length: count }, (_, index): LogLine[] => {
    const kind = index % texts.length;
    const line = {
      time: isoTime(index),
      replica: `shop-r14.${(index % 3) + 1}`,
      stream: 'stdout' as const,
      cut: false,
    };
    const head: LogLine = { ...line, level: levels[kind]!, text: index % 97 === 50 ? hostileText : texts[kind]! };
    if (kind !== 4) return [head];
    return [
      head,
      ...['    at TCPConnectWrap.afterConnect (node:net:1611:16)', '    at run (/app/db.js:41:7)'].map((text) => ({
        ...line,
        level: 'error' as const,
        text,
      })),
    ];
  }).flat();
}
