// Bounds what one socket may write to the log: a few lines in each span of time, then only how many were left out.

/** Asked before each line: undefined, or the leave to write it with the number of lines that were left out before. */
export type LogBudget = (monotonicSeconds: number) => { unwritten: number } | undefined;

export const linesMax = 30;
export const spanSeconds = 10;

export function createLogBudget(): LogBudget {
  let spanStart = Number.NEGATIVE_INFINITY;
  let written = 0;
  let unwritten = 0;
  return (now) => {
    if (now - spanStart >= spanSeconds) {
      spanStart = now;
      written = 0;
    }
    if (written >= linesMax) {
      unwritten++;
      return undefined;
    }
    written++;
    const leave = { unwritten };
    unwritten = 0;
    return leave;
  };
}
