// The threats present now on every machine: read the collectors' processes, judge them, keep what is fresh.

import { counter, gauge, type Metric, type Sample, sample } from '../../core/contracts/sample.ts';
import type { ThreatException, ThreatReport } from '../../core/contracts/threats.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Log } from '../../core/runtime/log.ts';
import type { Prometheus } from '../../core/runtime/prometheus.ts';
import type { FetchPorts } from '../fetch-json.ts';
import { type CollectorTarget, findCollectors, readProcesses } from './collectors.ts';
import { type ThreatCount, threatsOf } from './threats/verdict/snapshot.ts';

export interface ThreatPorts {
  prometheus: Prometheus;
  clock: Clock;
  http: FetchPorts;
  /** The collectors' bearer token; throws while there is none. */
  token(): string;
  /** What a person allowed; rejects when nobody can say. */
  exceptions(): Promise<readonly ThreatException[]>;
  log: Log;
}

interface Seen {
  report: ThreatReport;
  counts: readonly ThreatCount[];
}

export interface ThreatState {
  /** By instance; a machine that could not be read lately is not here: unknown is not clean. */
  seen: Map<string, Seen>;
  failuresTotal: number;
  lastError: string | undefined;
}

export const threatMetrics: readonly Metric[] = [
  gauge('process_threats', 'Processes that look like a threat now; absent while the processes cannot be read.'),
  gauge('process_threats_scan_timestamp_seconds', 'When the processes that were judged last were read.'),
  counter(
    'process_threat_scan_failures_total',
    'Times that the processes of a machine, or the exceptions, could not be read.',
  ),
];

export function openThreats(): ThreatState {
  return { seen: new Map(), failuresTotal: 0, lastError: undefined };
}

/** One round over all machines, one after the other; never rejects. What is older than three rounds is forgotten. */
export async function scanThreats(state: ThreatState, ports: ThreatPorts, intervalSeconds: number): Promise<void> {
  try {
    const token = ports.token();
    const allowed = await readAllowed(state, ports);
    for (const target of await findCollectors(ports.prometheus)) await scanOne(state, target, token, allowed, ports);
  } catch (error) {
    fail(state, `collectors: ${(error as Error).message}`, ports);
  }
  const oldest = ports.clock.unixSeconds() - 3 * intervalSeconds;
  for (const [instance, { report }] of state.seen) if (report.takenAtSeconds < oldest) state.seen.delete(instance);
}

/** A list that cannot be read allows nothing: a threat too many is better than one that is passed over. */
async function readAllowed(state: ThreatState, ports: ThreatPorts): Promise<readonly ThreatException[]> {
  try {
    return await ports.exceptions();
  } catch (error) {
    fail(state, `exceptions: ${(error as Error).message}`, ports);
    return [];
  }
}

async function scanOne(
  state: ThreatState,
  target: CollectorTarget,
  token: string,
  allowed: readonly ThreatException[],
  ports: ThreatPorts,
): Promise<void> {
  try {
    const snapshot = await readProcesses(target, token, ports.http);
    const { threats, counts, omitted } = threatsOf(snapshot.processes, allowed, ports.clock.unixSeconds());
    const { takenAtSeconds, scanGapSeconds } = snapshot;
    const report = { instance: target.instance, takenAtSeconds, scanGapSeconds, threats };
    state.seen.set(target.instance, { report: { ...report, omitted: omitted + snapshot.omitted }, counts });
  } catch (error) {
    fail(state, `${target.instance}: ${(error as Error).message}`, ports);
  }
}

/** A failure is logged when it is a new one: a machine that is down must not fill the log. */
function fail(state: ThreatState, message: string, { log }: ThreatPorts): void {
  state.failuresTotal++;
  const error = message.slice(0, 300);
  if (error !== state.lastError) log.warn({ error }, 'processes could not be judged');
  state.lastError = error;
}

export function threatSamples(state: ThreatState): Sample[] {
  const detector = 'process';
  const samples = [sample('process_threat_scan_failures_total', state.failuresTotal, { detector })];
  for (const [instance, { report, counts }] of state.seen) {
    samples.push(sample('process_threats_scan_timestamp_seconds', report.takenAtSeconds, { detector, instance }));
    for (const { tier, category, count } of counts)
      samples.push(sample('process_threats', count, { detector, instance, tier, category }));
  }
  return samples;
}
