// The pages of one detector's port: metrics, health in detail, alive, ready; threats for those who show the token.
import { timingSafeEqual } from 'node:crypto';
import type { ThreatList } from '../core/contracts/threat-list.ts';
import { renderExposition } from '../core/lib/promtext.ts';
import type { Clock } from '../core/runtime/clock.ts';
import { exposition, type Handler, json, plain } from '../core/runtime/http.ts';
import { metrics, samplesOf } from './exposition.ts';
import { healthOf } from './health-report.ts';
import { type ThreatState, threatMetrics, threatSamples } from './process/threat-watch.ts';
import { type DetectorState, isReady } from './state.ts';
import type { Lengths } from './windows.ts';

export interface ThreatPage {
  state: ThreatState;
  /** Any of these opens the page; throws or is empty while there is none. */
  tokens(): readonly string[];
}

/** What stands on one port only. */
export interface Extras {
  threats?: ThreatPage | undefined;
  /** What the process costs, as text; on the first of its ports, so that whoever adds up counts it once. */
  ownProcess?: (() => string) | undefined;
}

export function createRoutes(
  state: DetectorState,
  times: Lengths,
  clock: Clock,
  { threats, ownProcess }: Extras = {},
): Record<string, Handler> {
  const ready = () => isReady(state, clock.monotonicSeconds(), times.tickSeconds);
  const routes: Record<string, Handler> = {
    '/metrics': () => {
      const samples = samplesOf(state, times, clock.unixSeconds());
      const ofThreats = threats === undefined ? [] : threatSamples(threats.state);
      const text = renderExposition([...metrics, ...threatMetrics], [...samples, ...ofThreats]);
      return exposition(text + (ownProcess?.() ?? ''));
    },
    '/health': () => json(200, healthOf(state, { ...times, ready: ready() }, clock.unixSeconds())),
    '/healthz': () => plain(200, 'alive\n'),
    '/ready': () =>
      ready()
        ? plain(200, 'ready\n')
        : plain(503, `not ready: ${state.lastError ?? 'the loop has not yet had an answer of Prometheus'}\n`),
  };
  if (threats) routes['/v1/threats'] = (_, headers) => answerThreats(threats, headers.authorization);
  return routes;
}

function answerThreats({ state, tokens }: ThreatPage, authorization = '') {
  const shown = Buffer.from(authorization);
  const opens = (token: string) => {
    const wanted = Buffer.from(`Bearer ${token}`);
    return token.length >= 16 && shown.length === wanted.length && timingSafeEqual(shown, wanted);
  };
  if (!tokens().some(opens)) {
    return json(401, {
      title: 'Show the token of run/detectors.token or run/collector.token as a bearer token.',
      status: 401,
    });
  }
  const list: ThreatList = { reports: [...state.seen.values()].map(({ report }) => report) };
  return json(200, list);
}
