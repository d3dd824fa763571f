// Which alert is meant, in one text, and where it is looked at.
type Named = Readonly<{ name: string; labels: Readonly<Record<string, string>> }>;

export function keyOf({ name, labels }: Named): string {
  return `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
}

/** Where this alert is looked at. */
export function alertHref(alert: Named): string {
  return `/alerts?alert=${encodeURIComponent(keyOf(alert))}`;
}
