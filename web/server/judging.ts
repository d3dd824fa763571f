// What people say about what the detectors found: alerts that were expected, and processes that look like threats and are none.
import type { Clock } from '../../core/runtime/clock.ts';
import { randomId } from './crypto.ts';
import type { Db } from './db.ts';
import { feedbackRoutes } from './feedback/routes.ts';
import { createFeedbackStore } from './feedback/store.ts';
import type { Route } from './http/route.ts';
import { threatRoutes } from './threats/routes.ts';
import { createThreatExceptionStore } from './threats/store.ts';
import { type MachinePorts, readProcesses, readThreats } from './watch/machine.ts';

interface Surroundings {
  db: Db;
  clock: Clock;
  watch: MachinePorts;
  nameOf(person: string): string | undefined;
}

export function judgingRoutes({ db, clock: { unixSeconds }, watch, nameOf }: Surroundings): Route[] {
  const all = { search: '', after: 0, limit: Number.MAX_SAFE_INTEGER };
  return [
    ...feedbackRoutes(createFeedbackStore(db), unixSeconds),
    ...threatRoutes({
      ...{ unixSeconds, randomId, nameOf, store: createThreatExceptionStore(db) },
      processes: async () => (await readProcesses(watch, all)).items,
      threats: () => readThreats(watch),
    }),
  ];
}
