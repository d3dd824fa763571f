// The alert of one series: it rises at a first exceedance and falls when the score has calmed down, a person closes it, or a day is over.

/** A score below it, one that at least 4 of 1,000 ordinary rows reach, is calm. */
const calmBelowScore = 99.6;
const calmSeconds = 5 * 60;
const raisedSecondsMax = 24 * 3600;
/** Stretches under an alert that are remembered to be left out of training. */
const stretchesMax = 64;

export interface AlertLatch {
  raisedAtSeconds: number | undefined;
  /** When the score was last not calm. */
  restlessAtSeconds: number;
  /** Past stretches, oldest first; a person's "expected" takes its stretch away. */
  stretches: { startSeconds: number; endSeconds: number }[];
}

export function openLatch(): AlertLatch {
  return { raisedAtSeconds: undefined, restlessAtSeconds: 0, stretches: [] };
}

/** Takes in one known score; `alert` is graded, 1 and above raises. Times are Unix seconds of the data. */
export function observeAlert(latch: AlertLatch, timeSeconds: number, score: number, alert: number): void {
  if (latch.raisedAtSeconds === undefined) {
    if (!(alert >= 1)) return;
    latch.raisedAtSeconds = timeSeconds;
    latch.restlessAtSeconds = timeSeconds;
    return;
  }
  if (score >= calmBelowScore) latch.restlessAtSeconds = timeSeconds;
  const calmFor = timeSeconds - latch.restlessAtSeconds;
  const raisedFor = timeSeconds - latch.raisedAtSeconds;
  if (calmFor >= calmSeconds || raisedFor >= raisedSecondsMax) lower(latch, timeSeconds);
}

/** "This was expected": the alert closes, and the rows under it may be learned from. */
export function expectAlert(latch: AlertLatch, startSeconds: number, endSeconds: number): void {
  const { raisedAtSeconds } = latch;
  if (raisedAtSeconds !== undefined && raisedAtSeconds >= startSeconds && raisedAtSeconds < endSeconds) {
    latch.raisedAtSeconds = undefined;
  }
  latch.stretches = latch.stretches.filter(
    (stretch) => stretch.endSeconds <= startSeconds || stretch.startSeconds >= endSeconds,
  );
}

/** The stretches under an alert, the present one included. */
export function alertStretches(latch: AlertLatch, nowSeconds: number): { startSeconds: number; endSeconds: number }[] {
  if (latch.raisedAtSeconds === undefined) return latch.stretches;
  return [...latch.stretches, { startSeconds: latch.raisedAtSeconds, endSeconds: nowSeconds }];
}

function lower(latch: AlertLatch, timeSeconds: number): void {
  latch.stretches.push({ startSeconds: latch.raisedAtSeconds!, endSeconds: timeSeconds });
  if (latch.stretches.length > stretchesMax) latch.stretches.shift();
  latch.raisedAtSeconds = undefined;
}
