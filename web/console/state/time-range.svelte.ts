// The time that is looked at: the last hour, or from then to then; and whether values move. It lives in the address.
import { readMoment, sayClock, sayMoment } from '../values/times.ts';
import type { Ports } from './ports.ts';
import type { Router } from './router.svelte.ts';

/** The choices of the top bar, in seconds. */
const ranges = {
  '15m': 900,
  '1h': 3_600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
} as const;
export type RangeName = keyof typeof ranges;

export const rangeWords: Readonly<Record<RangeName, string>> = {
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};

export interface Span {
  start: number;
  end: number;
}

const fallback: RangeName = '1h';
const secondsMin = 60;
/** The last second of the year 9999: what lies behind has no date that could be said. */
const endMax = 253_402_300_799;

export class TimeRange {
  private readonly router: Router;
  private readonly clock: Pick<Ports, 'unixSeconds'>;

  constructor(router: Router, clock: Pick<Ports, 'unixSeconds'>) {
    this.router = router;
    this.clock = clock;
  }

  /** Apart from the rest of the address: whoever reads a time reads anew when the time changes, not with every letter of a search. */
  private readonly from = $derived.by(() => Number(this.router.query['from'] ?? Number.NaN));
  private readonly to = $derived.by(() => Number(this.router.query['to'] ?? Number.NaN));

  /** The span that the address names; undefined where it names none that makes sense. */
  readonly fixed: Span | undefined = $derived.by(() => {
    const [start, end] = [this.from, this.to];
    return start >= 0 && end - start >= secondsMin && end <= endMax ? { start, end } : undefined;
  });

  /** The relative choice; undefined while a fixed span is looked at. */
  readonly relative: RangeName | undefined = $derived.by(() => {
    if (this.fixed !== undefined) return undefined;
    const { range } = this.router.query;
    return range !== undefined && Object.hasOwn(ranges, range) ? (range as RangeName) : fallback;
  });

  /** Start and end as of now. */
  span(): Span {
    const end = this.clock.unixSeconds();
    return this.fixed ?? { start: end - ranges[this.relative ?? fallback], end };
  }

  readonly seconds: number = $derived.by(() =>
    this.fixed === undefined ? ranges[this.relative ?? fallback] : this.fixed.end - this.fixed.start,
  );

  /** Values stand still: asked for, or because the past is looked at. */
  readonly paused: boolean = $derived.by(() => this.router.query['paused'] === '1' || this.fixed !== undefined);

  readonly words: string = $derived.by(() => {
    const { fixed } = this;
    if (fixed === undefined) return rangeWords[this.relative ?? fallback];
    const sameDay = sayMoment(fixed.start).slice(0, 10) === sayMoment(fixed.end).slice(0, 10);
    return `${sayMoment(fixed.start).slice(0, 16)} – ${sameDay ? sayClock(fixed.end) : sayMoment(fixed.end).slice(0, 16)}`;
  });

  choose(range: RangeName): void {
    this.router.setQuery({ range: range === fallback ? undefined : range, from: undefined, to: undefined });
  }

  /** A span that was drawn on a chart or a strip; at least a minute. One step back in the history undoes it. */
  zoom({ start, end }: Span): void {
    const middle = (start + end) / 2;
    const half = Math.max(secondsMin, end - start) / 2;
    const [from, to] = [Math.round(middle - half), Math.round(middle + half)];
    this.router.setQuery({ from: String(from), to: String(to), range: undefined }, { push: true });
  }

  /** A span as two fields give it; false where it says none that makes sense. */
  between(fromText: string, toText: string): boolean {
    const [start, end] = [readMoment(fromText), readMoment(toText)];
    if (start === undefined || end === undefined || end - start < secondsMin) return false;
    this.zoom({ start, end });
    return true;
  }

  /** Back from a drawn span to the time up to now. */
  unzoom(): void {
    if (this.fixed !== undefined) this.router.setQuery({ from: undefined, to: undefined });
  }

  setPaused(paused: boolean): void {
    this.router.setQuery({ paused: paused ? '1' : undefined, ...(paused ? {} : { from: undefined, to: undefined }) });
  }

  /** Seconds between points, so that a chart has about 240 of them; Prometheus has none finer than 15 s. */
  readonly stepSeconds: number = $derived.by(() => Math.max(15, Math.ceil(this.seconds / 240 / 15) * 15));
}
