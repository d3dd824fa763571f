// The loop around the sources: runs each with a deadline, keeps what background sources said, and measures all of them.
import { counter, gauge, type Metric, type Sample, sample } from '../core/contracts/sample.ts';
import { renderExposition } from '../core/lib/promtext.ts';
import type { Clock } from '../core/runtime/clock.ts';
import { guardSamples } from './guard.ts';
import type { Machine, Source } from './source.ts';
import { type Pacing, runInSlices, type Steps } from './steps.ts';

export interface CollectorPorts {
  machine: Machine;
  clock: Clock;
  /** Told once when a source starts failing, with the reason, and once when it works again. */
  onChange(source: string, problem: string | undefined): void;
}

interface Collected {
  metrics: readonly Metric[];
  samples: Sample[];
  /** Exposition text of sources with too many samples to render during a scrape. */
  rendered: string[];
}

export interface Collector {
  /** Names that `collect[]` may ask for. */
  names: ReadonlySet<string>;
  /** Reads every source that has no interval of its own and adds what the others said last; never rejects, and answers within a second. */
  scrape(only?: ReadonlySet<string>): Promise<Collected>;
  /** Begins the background reads; resolves when every background source was tried once. */
  start(signal: AbortSignal): Promise<void>;
}

/** Longest a scrape waits for a source, whatever the source asks for. */
const scrapeDeadlineSeconds = 0.8;

/** A read in steps that takes longer than this during a scrape goes on in the background, in slices and at this pace; */
const heavySeconds = 0.2;
const heavyIntervalSeconds = 10;
/** once it takes less than this, it comes back. */
const lightSeconds = 0.1;

export const selfMetrics: readonly Metric[] = [
  gauge('node_scrape_collector_success', 'Whether the last read of this source succeeded.'),
  gauge('node_scrape_collector_duration_seconds', 'How long the last read of this source took.'),
  gauge('collector_source_last_success_timestamp_seconds', 'When this source was last read with success.'),
  counter('collector_series_dropped_total', 'Samples left out because a metric of this source reached its series cap.'),
];

interface Reading {
  samples: Sample[];
  /** In the place of samples, of a heavy source. */
  rendered: string | undefined;
  dropped: number;
  problem: string | undefined;
  durationSeconds: number;
  /** Monotonic. */
  endedAtSeconds: number;
}

/** What is known of one source between scrapes. */
interface Slot {
  source: Source;
  deadlineSeconds: number;
  inFlight: Promise<Reading> | undefined;
  startedAtSeconds: number;
  /** Whether it is read in slices in the background, for now. */
  heavy: boolean;
  /** Whether a loop reads it in the background: never two. */
  repeated: boolean;
  /** Whether its last read gave a promise. */
  waits: boolean;
  last: Reading | undefined;
  lastSuccessUnixSeconds: number | undefined;
  droppedTotal: number;
}

export function createCollector(sources: readonly Source[], ports: CollectorPorts): Collector {
  const slots = sources.map(
    (source): Slot => ({
      source,
      deadlineSeconds: deadlineOf(source),
      inFlight: undefined,
      startedAtSeconds: 0,
      heavy: false,
      repeated: false,
      waits: false,
      last: undefined,
      lastSuccessUnixSeconds: undefined,
      droppedTotal: 0,
    }),
  );
  let background: AbortSignal | undefined;
  return {
    names: new Set(sources.map((source) => source.name)),
    async scrape(only) {
      const asked = only === undefined ? slots : slots.filter((slot) => only.has(slot.source.name));
      // Those that answered at once last time go first: a source that waits would have their time counted as its own.
      const ordered = asked.toSorted((a, b) => Number(a.waits) - Number(b.waits));
      const readings = await Promise.all(ordered.map((slot) => readForScrape(slot, ports)));
      for (const slot of asked) if (background !== undefined) moveIfHeavy(slot, ports, background);
      const rendered = readings.flatMap((reading) => reading?.rendered ?? []);
      const samples = readings.flatMap((reading) => reading?.samples ?? []);
      for (const slot of asked) addSelfSamples(slot, samples);
      return { metrics: [...asked.flatMap((slot) => slot.source.metrics), ...selfMetrics], samples, rendered };
    },
    async start(signal) {
      const slow = slots.filter((slot) => slot.source.intervalSeconds !== undefined);
      await Promise.all(slow.map((slot) => readWithDeadline(slot, ports)));
      for (const slot of slow) void repeat(slot, ports, signal);
      background = signal;
    },
  };
}

function deadlineOf({ deadlineSeconds = scrapeDeadlineSeconds, intervalSeconds }: Source): number {
  return intervalSeconds === undefined ? Math.min(deadlineSeconds, scrapeDeadlineSeconds) : deadlineSeconds;
}

async function repeat(slot: Slot, ports: CollectorPorts, signal: AbortSignal): Promise<void> {
  const { clock } = ports;
  if (slot.repeated) return;
  slot.repeated = true;
  let due = clock.monotonicSeconds();
  for (let interval = intervalOf(slot); interval !== undefined && !signal.aborted; interval = intervalOf(slot)) {
    due = Math.max(due + interval, clock.monotonicSeconds());
    await clock.sleep(due - clock.monotonicSeconds(), signal);
    if (!signal.aborted) await readWithDeadline(slot, ports);
  }
  slot.repeated = false;
}

function intervalOf({ source, heavy }: Slot): number | undefined {
  return source.intervalSeconds ?? (heavy ? heavyIntervalSeconds : undefined);
}

/** What took this scrape too long is read in the background from now on; the next scrapes get what was read last. */
function moveIfHeavy(slot: Slot, ports: CollectorPorts, signal: AbortSignal): void {
  const { source, last } = slot;
  if (intervalOf(slot) !== undefined || source.readInSteps === undefined || signal.aborted) return;
  if (last === undefined || last.durationSeconds < heavySeconds) return;
  slot.heavy = true;
  void readWithDeadline(slot, ports).then(() => repeat(slot, ports, signal));
}

/** A background source serves its last reading until that is two intervals old; a failed one holds no samples, so a failure drops its series at once. */
function readForScrape(slot: Slot, ports: CollectorPorts): Promise<Reading> | Reading | undefined {
  const intervalSeconds = intervalOf(slot);
  if (intervalSeconds === undefined) return readWithDeadline(slot, ports);
  const ageSeconds = ports.clock.monotonicSeconds() - (slot.last?.endedAtSeconds ?? Number.NEGATIVE_INFINITY);
  return ageSeconds <= 2 * intervalSeconds ? slot.last : undefined;
}

/** Never two reads of one source in flight: who comes while one runs waits for that one, and only as long as its deadline allows. */
async function readWithDeadline(slot: Slot, ports: CollectorPorts): Promise<Reading> {
  const { clock } = ports;
  if (slot.inFlight === undefined) {
    slot.startedAtSeconds = clock.monotonicSeconds();
    const running = read(slot, ports);
    slot.waits = running instanceof Promise;
    if (!(running instanceof Promise)) return keep(slot, running, ports);
    slot.inFlight = running;
    void running.then(() => {
      slot.inFlight = undefined;
    });
  }
  const waited = new AbortController();
  const deadlineSeconds = slot.heavy ? heavyIntervalSeconds : slot.deadlineSeconds;
  const left = slot.startedAtSeconds + deadlineSeconds - clock.monotonicSeconds();
  const late = clock.sleep(Math.max(0, left), waited.signal).then(() => lateReading(slot, deadlineSeconds, clock));
  const reading = await Promise.race([slot.inFlight, late]);
  waited.abort();
  return keep(slot, reading, ports);
}

/** Runs the source; what it throws is its reading's problem. Synchronous sources answer synchronously. */
function read(slot: Slot, ports: CollectorPorts): Reading | Promise<Reading> {
  const { source, startedAtSeconds } = slot;
  const { machine, clock } = ports;
  const ended = (samples: readonly Sample[]): Reading => {
    const { kept, dropped } = guardSamples(source, samples);
    const endedAtSeconds = clock.monotonicSeconds();
    const durationSeconds = endedAtSeconds - startedAtSeconds;
    return { samples: kept, rendered: undefined, dropped, problem: undefined, durationSeconds, endedAtSeconds };
  };
  const failed = (error: unknown): Reading =>
    failure(error instanceof Error ? error.message : String(error), startedAtSeconds, clock);
  try {
    if (slot.heavy) return readHeavy(slot, ports).catch(failed);
    const samples = source.read(machine);
    return samples instanceof Promise ? samples.then(ended).catch(failed) : ended(samples);
  } catch (error) {
    return failed(error);
  }
}

/** In slices, rendering included: a hundred thousand samples are too much to keep and to render while a scrape waits. */
async function readHeavy(slot: Slot, { machine, clock }: CollectorPorts): Promise<Reading> {
  const { source, startedAtSeconds } = slot;
  const pacing: Pacing = { monotonicSeconds: clock.monotonicSeconds, pause: () => clock.sleep(0) };
  const { result, busySeconds } = await runInSlices(source.readInSteps!(machine), pacing);
  const { kept, dropped } = guardSamples(source, result);
  const { result: rendered } = await runInSlices(renderInSteps(source.metrics, kept), pacing);
  if (busySeconds < lightSeconds) slot.heavy = false;
  const endedAtSeconds = clock.monotonicSeconds();
  const durationSeconds = endedAtSeconds - startedAtSeconds;
  return { samples: [], rendered, dropped, problem: undefined, durationSeconds, endedAtSeconds };
}

function* renderInSteps(metrics: readonly Metric[], samples: readonly Sample[]): Steps<string> {
  const byName = Map.groupBy(samples, ({ name }) => name);
  let text = '';
  for (const metric of metrics) {
    text += renderExposition([metric], byName.get(metric.name) ?? []);
    yield;
  }
  return text;
}

function lateReading({ startedAtSeconds }: Slot, deadlineSeconds: number, clock: Clock): Reading {
  return failure(`no answer within ${deadlineSeconds} s`, startedAtSeconds, clock);
}

function failure(problem: string, startedAtSeconds: number, clock: Clock): Reading {
  const endedAtSeconds = clock.monotonicSeconds();
  return {
    samples: [],
    rendered: undefined,
    dropped: 0,
    problem,
    durationSeconds: endedAtSeconds - startedAtSeconds,
    endedAtSeconds,
  };
}

/** Records a reading once, though several scrapes may have waited for it. */
function keep(slot: Slot, reading: Reading, { machine, onChange }: CollectorPorts): Reading {
  if (slot.last === reading) return reading;
  const before = slot.last?.problem;
  if ((before === undefined) !== (reading.problem === undefined)) onChange(slot.source.name, reading.problem);
  slot.last = reading;
  slot.droppedTotal += reading.dropped;
  if (reading.problem === undefined) slot.lastSuccessUnixSeconds = machine.unixSeconds();
  return reading;
}

function addSelfSamples(slot: Slot, samples: Sample[]): void {
  const labels = { collector: slot.source.name };
  if (slot.last !== undefined) {
    samples.push(sample('node_scrape_collector_success', slot.last.problem === undefined ? 1 : 0, labels));
    samples.push(sample('node_scrape_collector_duration_seconds', slot.last.durationSeconds, labels));
  }
  if (slot.lastSuccessUnixSeconds !== undefined) {
    samples.push(sample('collector_source_last_success_timestamp_seconds', slot.lastSuccessUnixSeconds, labels));
  }
  samples.push(sample('collector_series_dropped_total', slot.droppedTotal, labels));
}
