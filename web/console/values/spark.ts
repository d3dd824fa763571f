// The line of a sparkline as an SVG path.

/** From 0 or the least value to `top` or the most; null breaks the line. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number, top?: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(0, ...known);
  const high = Math.max(top ?? Number.NEGATIVE_INFINITY, ...known);
  const step = values.length > 1 ? (width - 2) / (values.length - 1) : 0;
  const y = (value: number) => (high === low ? height / 2 : height - 1 - ((value - low) / (high - low)) * (height - 2));
  let drawing = false;
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value === null) {
      drawing = false;
      continue;
    }
    const at = `${round(1 + index * step)} ${round(y(value))}`;
    path += drawing ? `L${at}` : `M${at}h.01`;
    drawing = true;
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
