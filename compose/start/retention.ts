// How much history Prometheus may keep: a share of its disk, and never more than a person allows.

const retentionBytesMax = 10 * 2 ** 30;
const retentionBytesMin = 256 * 2 ** 20;

/**
 * Prometheus' size cap: 80 % of what it may take (free now, and what it already holds), never above `bytesMax`.
 * A disk that fills up leaves a log that no longer truncates; the floor of 256 MiB is what a day needs.
 */
export function retentionBytes(freeBytes: number, heldBytes: number, bytesMax = retentionBytesMax): number {
  const share = Math.floor(0.8 * (freeBytes + heldBytes));
  return Math.max(retentionBytesMin, Math.min(bytesMax, share));
}

/** `10GB` or `10GiB` as bytes, in units of 1,024 as Prometheus counts both; throws on what it is not, 0 included, which would mean no bound. */
export function parseSize(text: string): number {
  const [, number, unit] = /^([1-9]\d{0,8})(?:([KMGT])i?)?B$/.exec(text.trim()) ?? [];
  if (number === undefined) throw new Error(`${text} is no size; give one such as 10GB`);
  return Number(number) * 1024 ** ' KMGT'.indexOf(unit ?? ' ');
}

/** As Prometheus takes it on its command line, rounded down. */
export function renderSize(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)}MB`;
}
