// A bound on how many calls are in flight at once; the others wait their turn, first come first served.

export type Limit = <T>(call: () => Promise<T>) => Promise<T>;

/** At most `inFlightMax` calls at once and `waitingMax` in the queue; one more is refused. */
export function createLimit(inFlightMax: number, waitingMax: number): Limit {
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  return async (call) => {
    if (inFlight >= inFlightMax) {
      if (waiting.length >= waitingMax) throw new Error(`more than ${waitingMax} calls are waiting`);
      await new Promise<void>((resolve) => waiting.push(resolve)); // the place is handed over, not given back
    } else {
      inFlight++;
    }
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inFlight--;
    }
  };
}
