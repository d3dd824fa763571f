// The pages of one detector's port: metrics, health in detail, alive, ready.

import { renderExposition } from '../core/lib/promtext.ts';
import type { Clock } from '../core/runtime/clock.ts';
import { exposition, type Handler, json, plain } from '../core/runtime/http.ts';
import { metrics, samplesOf } from './exposition.ts';
import { healthOf } from './health-report.ts';
import { type DetectorState, isReady } from './state.ts';

export interface PageTimes {
  tickSeconds: number;
  rowSeconds: number;
}

export function createRoutes(state: DetectorState, times: PageTimes, clock: Clock): Record<string, Handler> {
  const ready = () => isReady(state, clock.monotonicSeconds(), times.tickSeconds);
  return {
    '/metrics': () => exposition(renderExposition(metrics, samplesOf(state, times, clock.unixSeconds()))),
    '/health': () => json(200, healthOf(state, { ...times, ready: ready() }, clock.unixSeconds())),
    '/healthz': () => plain(200, 'alive\n'),
    '/ready': () =>
      ready()
        ? plain(200, 'ready\n')
        : plain(503, `not ready: ${state.lastError ?? 'the loop has not yet had an answer of Prometheus'}\n`),
  };
}
