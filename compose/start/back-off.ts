// How long to wait before a crashed process is started again: longer each time, forgotten once it has stayed up.

export interface CrashHistory {
  /** Crashes in a row, each within `healthySeconds` of its start. */
  crashes: number;
}

export const noCrashes: CrashHistory = { crashes: 0 };
const healthySeconds = 60;
const waitSecondsMax = 60;

/** 1, 2, 4 … 60 seconds; a process that lived for a minute begins again at 1. */
export function nextWait(history: CrashHistory, livedSeconds: number): { waitSeconds: number; history: CrashHistory } {
  const crashes = livedSeconds >= healthySeconds ? 1 : history.crashes + 1;
  return { waitSeconds: Math.min(waitSecondsMax, 2 ** (crashes - 1)), history: { crashes } };
}
