// The doctor's report over the API.
import { doctorReport } from '../../../core/contracts/doctor.ts';
import type { Clock } from '../../../core/runtime/clock.ts';
import { readEngineSurroundings, readMachineFacts } from '../../../core/runtime/machine-facts.ts';
import type { EnginePort } from '../engine/port.ts';
import { type Route, route } from '../http/route.ts';
import { createDoctor } from './examine.ts';

export interface DoctorRouteOptions {
  dataFolder: string;
  engine: EnginePort;
  clock: Clock;
}

export function doctorRoutes({ dataFolder, engine, clock }: DoctorRouteOptions): Route[] {
  const visit = createDoctor({
    ...{ engine, readSurroundings: readEngineSurroundings },
    readMachine: () => readMachineFacts(dataFolder),
    unixSeconds: clock.unixSeconds,
    monotonicSeconds: clock.monotonicSeconds,
    sleep: clock.sleep,
  });
  return [
    route({
      method: 'get',
      path: '/doctor',
      access: 'doctor:read',
      summary: 'What this machine has and lacks, each with what to do about it',
      answer: doctorReport,
      handle: visit,
    }),
  ];
}
