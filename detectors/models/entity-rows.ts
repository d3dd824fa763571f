// An entity's channels made ready for its voters: each scaled to its own training, in two ways.
import { mean, quantileSorted, sorted, standardDeviation } from '../../core/lib/stats.ts';

/** What training knows of each channel. */
export interface ChannelScales {
  /** 0.1 % quantile and the width up to the 99.9 % one: what most rows lie between. */
  low: Float64Array;
  width: Float64Array;
  mean: Float64Array;
  deviation: Float64Array;
  /** 0.5 % and 99.5 % quantiles: beyond them a channel is out of its range. */
  bandLow: Float64Array;
  bandHigh: Float64Array;
}

const SCALED_LOW = -4;
const SCALED_HIGH = 5;

/** O(channels · rows log rows). A channel that never moved gets a thousandth of its size as its width. */
export function scaleChannels(channels: readonly Float64Array[]): ChannelScales {
  const count = channels.length;
  const scales: ChannelScales = {
    low: new Float64Array(count),
    width: new Float64Array(count),
    mean: new Float64Array(count),
    deviation: new Float64Array(count),
    bandLow: new Float64Array(count),
    bandHigh: new Float64Array(count),
  };
  channels.forEach((values, channel) => {
    const ascending = sorted(values);
    const least = ascending[0] ?? 0;
    const most = ascending.at(-1) ?? 0;
    const size = Math.max(Math.abs(least), Math.abs(most));
    const low = quantileSorted(ascending, 0.001);
    scales.low[channel] = low || 0;
    scales.width[channel] = Math.max(quantileSorted(ascending, 0.999) - low || 0, 1e-3 * size, 1e-9);
    scales.mean[channel] = mean(ascending) || 0;
    scales.deviation[channel] = Math.max(
      standardDeviation(ascending) || 0,
      0.01 * (most - least),
      1e-4 * Math.max(size, 1e-5),
    );
    scales.bandLow[channel] = quantileSorted(ascending, 0.005) || 0;
    scales.bandHigh[channel] = quantileSorted(ascending, 0.995) || 0;
  });
  return scales;
}

/** A channel's value between its usual ends: 0…1, held in −4…5. */
export function scaledValue(scales: ChannelScales, channel: number, value: number): number {
  const scaled = (value - scales.low[channel]!) / scales.width[channel]!;
  return Math.max(SCALED_LOW, Math.min(SCALED_HIGH, scaled));
}

/** A channel's value in deviations from its mean, held in ±`bound`. */
export function standardValue(scales: ChannelScales, channel: number, value: number, bound: number): number {
  const standard = (value - scales.mean[channel]!) / scales.deviation[channel]!;
  return Math.max(-bound, Math.min(bound, standard));
}

/** How far a channel is beyond its band, as ln(1 + 10 · widths); 0 inside. */
export function outsideBand(scales: ChannelScales, channel: number, value: number): number {
  const low = scales.bandLow[channel]!;
  const high = scales.bandHigh[channel]!;
  const outside = Math.max(low - value, value - high, 0);
  return Math.log1p((10 * outside) / Math.max(high - low, 0.02 * scales.width[channel]!));
}
