// The doctor's visit while everything runs: the machine as this process sees it, the engine as the broker tells it.
import type { z } from 'zod';
import type { doctorReport } from '../../../core/contracts/doctor.ts';
import { engineFact, isManager } from '../../../core/lib/doctor/engine-fact.ts';
import type { DockerFact, Facts } from '../../../core/lib/doctor/facts.ts';
import { judge } from '../../../core/lib/doctor/findings.ts';
import type { EngineAnswer, EnginePort } from '../engine/port.ts';

export type DoctorReport = z.infer<typeof doctorReport>;

export interface DoctorPorts {
  engine: Pick<EnginePort, 'version' | 'info' | 'swarm'>;
  readMachine(): Promise<Omit<Facts, 'ports' | 'docker'>>;
  readSurroundings(): { logsRotate: boolean | undefined; routes: string | undefined };
  unixSeconds(): number;
  monotonicSeconds(): number;
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
}

/** Programs are started for it, so a report serves everybody who asks within these seconds. */
const keptSeconds = 5;
/** Each call has a deadline of its own, of which this is less: a person waits for the report. */
const engineSeconds = 6;

/**
 * Gives the report; one visit at a time, which settles within 8 s. Ports are left out: those of ours are in use by
 * what runs, and a part that could not have its port does not answer, which the overview tells.
 */
export function createDoctor(ports: DoctorPorts): () => Promise<DoctorReport> {
  let last: { at: number; report: Promise<DoctorReport> } | undefined;
  return () => {
    const now = ports.monotonicSeconds();
    if (last === undefined || now - last.at >= keptSeconds) {
      const visit = { at: Number.POSITIVE_INFINITY, report: examine(ports) };
      const ended = () => {
        visit.at = ports.monotonicSeconds();
      };
      visit.report.then(ended, () => {
        if (last === visit) last = undefined;
      });
      last = visit;
    }
    return last.report;
  };
}

async function examine(ports: DoctorPorts): Promise<DoctorReport> {
  const [machine, docker] = await Promise.all([ports.readMachine(), readEngine(ports)]);
  return { atSeconds: ports.unixSeconds(), findings: judge({ ...machine, ports: [], docker }) };
}

async function readEngine(ports: DoctorPorts): Promise<DockerFact> {
  const answered = new AbortController();
  const late = ports
    .sleep(engineSeconds, answered.signal)
    .then((): DockerFact => ({ kind: 'refused', reason: `the engine gave no answer in ${engineSeconds} s` }));
  try {
    return await Promise.race([askEngine(ports), late]);
  } finally {
    answered.abort();
  }
}

async function askEngine({ engine, readSurroundings }: DoctorPorts): Promise<DockerFact> {
  const version = await engine.version();
  if (!version.ok) {
    const { kind, message } = version.failure;
    return kind === 'absent' && /its socket is not there/.test(message)
      ? { kind: 'absent' }
      : { kind: 'refused', reason: message };
  }
  const info = told(await engine.info());
  const swarm = isManager(info) ? told(await engine.swarm.inspect()) : undefined;
  return engineFact({ version: version.value, info, swarm, ...readSurroundings() });
}

function told<T>(answer: EngineAnswer<T>): T | undefined {
  return answer.ok ? answer.value : undefined;
}
