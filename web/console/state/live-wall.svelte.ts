// Fifty series that move every second, each of the last ten minutes: what the charts must keep up with.
import { Rolling } from '../values/rolling.ts';
import type { Ports, Stop } from './ports.ts';
import type { Span } from './time-range.svelte.ts';

const seriesCount = 50;
const points = 600;

/** Stays the same series while its values move on, so that a page that lists them changes nothing but the chart. */
class LiveSeries {
  readonly name: string;
  private readonly index: number;
  private readonly column: Rolling;
  values = $state.raw<Float64Array>(new Float64Array());

  constructor(index: number, times: readonly number[]) {
    this.index = index;
    this.name = `core ${index + 1}`;
    this.column = new Rolling(times.map((at) => valueAt(index, at)));
    this.values = this.column.values;
  }

  step(at: number): void {
    this.column.push(valueAt(this.index, at));
    this.values = this.column.values;
  }
}

export class LiveWall {
  private readonly ports: Pick<Ports, 'every' | 'unixSeconds'>;
  private readonly clock: Rolling;
  times = $state.raw<Float64Array>(new Float64Array());
  readonly series: readonly LiveSeries[];
  updates = $state(0);

  constructor(ports: Pick<Ports, 'every' | 'unixSeconds'>) {
    this.ports = ports;
    const now = Math.floor(ports.unixSeconds());
    const times = Array.from({ length: points }, (_, place) => now - points + 1 + place);
    this.clock = new Rolling(times);
    this.times = this.clock.values;
    this.series = Array.from({ length: seriesCount }, (_, index) => new LiveSeries(index, times));
  }

  readonly span = $derived.by((): Span => ({ start: this.times[0]!, end: this.times.at(-1)! }));

  follow(): Stop {
    return this.ports.every(1, () => this.step());
  }

  /** One second on: the oldest point goes, a new one comes. */
  private step(): void {
    const at = this.times.at(-1)! + 1;
    this.clock.push(at);
    this.times = this.clock.values;
    for (const series of this.series) series.step(at);
    this.updates += 1;
  }
}

/** Always the same for the same series and time. */
function valueAt(index: number, at: number): number {
  const noise = Math.sin(at * 12.9898 + index * 78.233) * 43_758.5453;
  return 0.2 + 0.6 * (noise - Math.floor(noise)) * (0.5 + 0.5 * Math.sin(at / 60 + index));
}
