// The clock as an argument: wall time for records, monotonic time for anything that waits or measures.

export interface Clock {
  /** Seconds since the epoch, with fractions. */
  unixSeconds(): number;
  /** Seconds that never go backwards; only differences mean something. */
  monotonicSeconds(): number;
  /** Resolves after that many seconds, or at once when the signal is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  unixSeconds: () => Date.now() / 1000,
  monotonicSeconds: () => performance.now() / 1000,
  sleep: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, seconds * 1000);
      signal?.addEventListener('abort', done);
    }),
};
