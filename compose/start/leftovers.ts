// Ends what a supervisor that was killed left running on this data folder.
import { systemClock } from '../../core/runtime/clock.ts';
import { leftChildren } from './lock-file.ts';

const politeSeconds = 5;

/** Must be called with the lock held. SIGTERM first, SIGKILL to those that are still there. */
export async function endLeftovers(runDir: string, say: (line: string) => void): Promise<void> {
  const left = leftChildren(runDir);
  if (left.length === 0) return;
  say(`Ending ${left.length} processes that an earlier start left behind.`);
  for (const pid of left) signalGroup(pid, 'SIGTERM');
  const until = systemClock.monotonicSeconds() + politeSeconds;
  while (leftChildren(runDir).length > 0 && systemClock.monotonicSeconds() < until) await systemClock.sleep(0.1);
  for (const pid of leftChildren(runDir)) signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It ended in between.
  }
}
