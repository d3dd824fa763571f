// The loop: every tick all detectors at once, training beside it, longer pauses while Prometheus does not answer.
import { backOffSeconds } from './back-off.ts';
import { createLimit } from './limit.ts';
import type { Ports } from './ports.ts';
import type { TrainingQueue } from './training/queue.ts';
import { tick, type Watched, type WatchSettings } from './watch.ts';
import { tickAt } from './windows.ts';

/** Questions to Prometheus that are in flight at once. */
const inFlightMax = 4;
const waitingMax = 200;
/** Longest pause, in ticks: an answer must not be unknown for long after Prometheus is back. */
const pauseTicksMax = 4;
/** Prometheus may have been started together with us: its first answer is waited for more closely than a tick. */
const firstRetrySeconds = 1;

/** Runs until the signal; a tick is evaluated a moment after its time, when the last scrape has been written. */
export async function runLoop(
  watched: readonly Watched[],
  queue: TrainingQueue,
  ports: Ports,
  settings: WatchSettings,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = ports;
  const { tickSeconds } = settings;
  const limit = createLimit(inFlightMax, waitingMax);
  const settleSeconds = Math.min(1, tickSeconds / 5);
  let failures = 0;
  while (!signal.aborted) {
    const timeSeconds = tickAt(clock.unixSeconds(), tickSeconds, settleSeconds);
    await Promise.all(watched.map((each) => tick(each, timeSeconds, ports, settings, limit)));
    const seen = watched.some(({ state }) => state.prometheusSeen);
    for (const { state } of watched) state.prometheusSeen = seen;
    failures = watched.some(({ state }) => state.answering) ? 0 : failures + 1;
    queue.kick();
    if (!seen) {
      await clock.sleep(firstRetrySeconds, signal);
      continue;
    }
    const untilNext = timeSeconds + tickSeconds + settleSeconds - clock.unixSeconds();
    const pause = failures > 1 ? backOffSeconds(failures - 1, tickSeconds, pauseTicksMax * tickSeconds, random) : 0;
    // a clock that was set meanwhile must neither spin the loop nor stop it
    await clock.sleep(Math.min(Math.max(untilNext, pause, 0.05), pauseTicksMax * tickSeconds * 1.25), signal);
  }
  await ports.trainer.rest(); // a lesson in the middle ends with its worker
  await queue.idle();
}
