// Does something again and again beside the loop: one at a time, the pause counted from its end, until told to stop.
import type { Clock } from '../core/runtime/clock.ts';

export async function every(
  seconds: number,
  clock: Clock,
  signal: AbortSignal,
  act: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await act();
    await clock.sleep(seconds, signal);
  }
}
