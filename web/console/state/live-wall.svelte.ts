// Fifty series that move every second, each of the last ten minutes: what the charts must keep up with.
import type { Ports, Stop } from './ports.ts';
import type { Span } from './time-range.svelte.ts';

const seriesCount = 50;
const points = 600;

export class LiveWall {
  private readonly ports: Pick<Ports, 'every' | 'unixSeconds'>;
  times = $state.raw<readonly number[]>([]);
  series = $state.raw<readonly { name: string; values: readonly number[] }[]>([]);
  updates = $state(0);

  constructor(ports: Pick<Ports, 'every' | 'unixSeconds'>) {
    this.ports = ports;
    const now = Math.floor(ports.unixSeconds());
    this.times = Array.from({ length: points }, (_, place) => now - points + 1 + place);
    this.series = Array.from({ length: seriesCount }, (_, index) => ({
      name: `core ${index + 1}`,
      values: this.times.map((at) => valueAt(index, at)),
    }));
  }

  get span(): Span {
    return { start: this.times[0]!, end: this.times.at(-1)! };
  }

  follow(): Stop {
    return this.ports.every(1, () => this.step());
  }

  /** One second on: the oldest point goes, a new one comes. */
  private step(): void {
    const at = this.times.at(-1)! + 1;
    this.times = [...this.times.slice(1), at];
    this.series = this.series.map(({ name, values }, index) => ({
      name,
      values: [...values.slice(1), valueAt(index, at)],
    }));
    this.updates += 1;
  }
}

/** Always the same for the same series and time. */
function valueAt(index: number, at: number): number {
  const noise = Math.sin(at * 12.9898 + index * 78.233) * 43_758.5453;
  return 0.2 + 0.6 * (noise - Math.floor(noise)) * (0.5 + 0.5 * Math.sin(at / 60 + index));
}
