// The clock as an argument: wall time for records, monotonic time for anything that waits or measures.

export interface Clock {
  /** Seconds since the epoch, with fractions. */
  unixSeconds(): number;
  /** Seconds that never go backwards; only differences mean something. */
  monotonicSeconds(): number;
  /** Resolves after that many seconds, or at once when the signal is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** A timer that is to wait for longer fires at once instead. */
const timerMillisecondsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  unixSeconds: () => Date.now() / 1000,
  monotonicSeconds: () => performance.now() / 1000,
  sleep: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      let timer: NodeJS.Timeout;
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const wait = (milliseconds: number) => {
        const piece = Math.min(milliseconds, timerMillisecondsMax);
        timer = setTimeout(() => (milliseconds > piece ? wait(milliseconds - piece) : done()), piece);
      };
      wait(seconds * 1000);
      signal?.addEventListener('abort', done);
    }),
};
