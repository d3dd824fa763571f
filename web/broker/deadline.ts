// A deadline that can be moved on while bytes come, and that tells what it cut off.

export interface Deadline {
  readonly signal: AbortSignal;
  /** From now on, so many seconds are left. */
  extend(seconds: number): void;
  stop(): void;
}

/** What ended a call early, as the reason of its signal. */
export class CutOff extends Error {
  readonly how: 'late' | 'idle' | 'client-gone' | 'client-stalled';
  constructor(how: CutOff['how']) {
    super(`cut off: ${how}`);
    this.how = how;
  }
}

export function startDeadline(seconds: number, controller: AbortController): Deadline {
  let how: CutOff['how'] = 'late';
  let timer = setTimeout(expire, seconds * 1000);
  function expire(): void {
    controller.abort(new CutOff(how));
  }
  return {
    signal: controller.signal,
    extend(next) {
      clearTimeout(timer);
      how = 'idle';
      timer = setTimeout(expire, next * 1000);
    },
    stop: () => clearTimeout(timer),
  };
}
