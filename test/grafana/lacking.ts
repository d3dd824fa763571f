// Queries that give no data where the proof runs, each with the reason; whatever else is empty is a fault.

interface Lack {
  /** Of the place, `dashboard: panel, query`. */
  place: RegExp;
  reason: string;
}

const lacking: readonly Lack[] = [];

export function reasonFor(place: string): string | undefined {
  return lacking.find((one) => one.place.test(place))?.reason;
}
