// Long work cut into steps: done in one go where it is short, in slices with room for other work where it is long.

/** Work that yields wherever other work may go on. */
export type Steps<T> = Generator<undefined, T>;

/** Longest slice between two pauses: what a scrape waits at most for work that is not its own. */
const sliceSeconds = 0.01;

export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

export interface Pacing {
  monotonicSeconds(): number;
  /** Lets other work of the process go on. */
  pause(): Promise<void>;
}

/** The result, and how long the work itself took, without the pauses. */
export async function runInSlices<T>(steps: Steps<T>, pacing: Pacing): Promise<{ result: T; busySeconds: number }> {
  let busySeconds = 0;
  for (;;) {
    const began = pacing.monotonicSeconds();
    for (;;) {
      const step = steps.next();
      const spent = pacing.monotonicSeconds() - began;
      if (step.done) return { result: step.value, busySeconds: busySeconds + spent };
      if (spent < sliceSeconds) continue;
      busySeconds += spent;
      break;
    }
    await pacing.pause();
  }
}
