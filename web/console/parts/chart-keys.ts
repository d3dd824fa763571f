// What the keys do on a chart: everything that the mouse can, reading values and looking closer.
import type { Span } from '../state/time-range.svelte.ts';

type ChartAct = { kind: 'read'; index: number } | { kind: 'zoom'; span: Span } | { kind: 'leave' } | { kind: 'back' };

interface Seen {
  times: ArrayLike<number>;
  /** The point that is read; null where none is. */
  cursor: number | null;
  span: Span;
}

/** Arrows and page keys go from point to point, beginning with the newest; Enter shows a quarter of the time around the point. */
export function actOf(key: string, { times, cursor, span }: Seen): ChartAct | undefined {
  const last = times.length - 1;
  if (last < 0) return undefined;
  const far = Math.max(1, Math.round(times.length / 10));
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    PageDown: -far,
    PageUp: far,
    Home: -last,
    End: last,
  };
  const step = steps[key];
  if (step !== undefined) {
    const from = cursor ?? last + 1; // the first step to the left reads the newest point
    return { kind: 'read', index: Math.max(0, Math.min(last, from + step)) };
  }
  if (key === 'Enter' && cursor !== null) {
    const [at, half] = [times[Math.min(cursor, last)]!, (span.end - span.start) / 8];
    return { kind: 'zoom', span: { start: at - half, end: at + half } };
  }
  if (key === 'Escape') return cursor === null ? undefined : { kind: 'leave' };
  return key === 'Backspace' ? { kind: 'back' } : undefined;
}
