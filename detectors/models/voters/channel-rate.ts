// Voter: the share of an entity's channels that are changing in a way unlike training.

export interface ChannelRate {
  channels: number;
  /** Per channel two centres of six changes. */
  centres: Float32Array;
  /** Per channel the least mean distance of training and the one from which on it counts; +Infinity where it never moved. */
  least: Float32Array;
  limit: Float32Array;
}

const LENGTH = 6;
const MEAN_ROWS = 3;
export const CHANGE_ROWS = LENGTH + MEAN_ROWS + 1;
const ROUNDS = 8;
const ROWS_MAX = 4320;
const STRANGE = 0.99;

/**
 * Netdata's host anomaly rate: a channel counts when the mean distance of its last six changes to two k-means centres
 * reaches 99 % of training's range; a channel constant in training counts whenever it moves (learn.netdata.cloud). The
 * caller takes the mean over five rows. `rows` is row-major and scaled. O(channels · 8 · 4,320) once, 24 a channel and row.
 */
export function fitChannelRate(rows: Float32Array, channels: number): ChannelRate {
  const rate: ChannelRate = {
    channels,
    centres: new Float32Array(channels * 2 * LENGTH),
    least: new Float32Array(channels),
    limit: new Float32Array(channels).fill(Number.POSITIVE_INFINITY),
  };
  for (let channel = 0; channel < channels; channel++) fitChannel(rate, rows, channel);
  return rate;
}

/** Share of channels that count in the row `rows[end − 1]`; NaN when none has its last ten rows. */
export function scoreChannelRate(rate: ChannelRate, rows: Float32Array, end: number): number {
  const { channels, centres, limit } = rate;
  let strange = 0;
  let known = 0;
  for (let channel = 0; channel < channels; channel++) {
    if (!readChanges(rows, channels, channel, end)) continue;
    known++;
    const base = channel * 2 * LENGTH;
    if (limit[channel] === Number.POSITIVE_INFINITY) strange += moved() ? 1 : 0;
    else if ((distance(centres, base) + distance(centres, base + LENGTH)) / 2 >= limit[channel]!) strange++;
  }
  return known === 0 ? Number.NaN : strange / known;
}

const changes = new Float64Array(LENGTH);

function readChanges(rows: Float32Array, channels: number, channel: number, end: number): boolean {
  if (end < CHANGE_ROWS) return false;
  let sum = 0;
  for (let lag = 0; lag < LENGTH; lag++) {
    const newest = (end - 1 - lag) * channels + channel;
    changes[lag] = Math.abs(rows[newest]! - rows[newest - MEAN_ROWS * channels]!) / MEAN_ROWS;
    sum += changes[lag]!;
  }
  return !Number.isNaN(sum);
}

function moved(): boolean {
  for (let lag = 0; lag < LENGTH; lag++) if (changes[lag]! > 0) return true;
  return false;
}

function distance(centres: Float32Array, base: number): number {
  let sum = 0;
  for (let lag = 0; lag < LENGTH; lag++) sum += (changes[lag]! - centres[base + lag]!) ** 2;
  return Math.sqrt(sum);
}

function fitChannel(rate: ChannelRate, rows: Float32Array, channel: number): void {
  const { channels, centres } = rate;
  const count = rows.length / channels;
  const stride = Math.max(1, Math.floor(count / ROWS_MAX));
  const base = channel * 2 * LENGTH;
  let calm = Number.POSITIVE_INFINITY;
  let lively = 0;
  for (let end = CHANGE_ROWS; end <= count; end += stride) {
    if (!readChanges(rows, channels, channel, end)) continue;
    const sum = changes.reduce((total, change) => total + change, 0);
    if (sum < calm) centres.set(changes, base);
    if (sum > lively) centres.set(changes, base + LENGTH);
    calm = Math.min(calm, sum);
    lively = Math.max(lively, sum);
  }
  if (lively === 0) return;
  for (let round = 0; round < ROUNDS; round++) moveCentres(rate, rows, channel, stride);
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let end = CHANGE_ROWS; end <= count; end++) {
    if (!readChanges(rows, channels, channel, end)) continue;
    const far = (distance(centres, base) + distance(centres, base + LENGTH)) / 2;
    least = Math.min(least, far);
    most = Math.max(most, far);
  }
  rate.least[channel] = least;
  rate.limit[channel] = least + STRANGE * (most - least);
}

function moveCentres({ channels, centres }: ChannelRate, rows: Float32Array, channel: number, stride: number): void {
  const base = channel * 2 * LENGTH;
  const sums = new Float64Array(2 * LENGTH);
  const counts = [0, 0];
  for (let end = CHANGE_ROWS; end <= rows.length / channels; end += stride) {
    if (!readChanges(rows, channels, channel, end)) continue;
    const side = distance(centres, base + LENGTH) < distance(centres, base) ? 1 : 0;
    counts[side]!++;
    for (let lag = 0; lag < LENGTH; lag++) sums[side * LENGTH + lag]! += changes[lag]!;
  }
  sums.forEach((sum, index) => {
    const count = counts[index < LENGTH ? 0 : 1]!;
    if (count > 0) centres[base + index] = sum / count;
  });
}
