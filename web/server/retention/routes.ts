// What is kept and for how long.
import { keptView } from '../../../core/contracts/retention.ts';
import type { Prometheus } from '../../../core/runtime/prometheus.ts';
import { type Route, route } from '../http/route.ts';
import { readKept } from './kept.ts';

export function retentionRoutes(prometheus: Prometheus, unixSeconds: () => number): Route[] {
  return [
    route({
      method: 'get',
      path: '/retention',
      access: 'watch:read',
      summary: 'What is kept and for how long',
      answer: keptView,
      handle: () => readKept(prometheus, unixSeconds()),
    }),
  ];
}
