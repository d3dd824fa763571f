// Which alert is meant and of which thing, and where the console shows it: for the console itself and for what is sent to people.

/**
 * Labels that tell one thing from another. What is missing here is not compared: one alert would hold back, or a silence hide, that of another
 * thing. A test asks for those of every subject that has rules of two severities.
 */
export const thingLabels: readonly string[] = [
  ...['instance', 'device', 'mountpoint', 'name', 'uuid', 'groupname', 'job', 'detector', 'metric', 'chip', 'sensor'],
  ...['zone', 'server', 'tier', 'file', 'target', 'collector', 'kind', 'integration', 'rule_group', 'environment'],
  ...['deployment', 'revision', 'power_supply', 'category', 'reason'],
];

type Named = Readonly<{ name: string; labels: Readonly<Record<string, string>> }>;

/** The same for the same alert, whatever order its labels come in. They are those of its thing: no name, no severity. */
export function alertKey({ name, labels }: Named): string {
  return `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
}

/** Path and query on the console of one alert, with what to do about it. */
export function alertPath(alert: Named): string {
  return `/alerts?alert=${encodeURIComponent(alertKey(alert))}`;
}

/** The console's list of alerts, narrowed down to a name: `name` stands in it as it is given. */
export function alertsPath(name: string): string {
  return `/alerts?t.q=${name}`;
}

/** Without what follows the last slash, and fit to stand in a template and in a message. */
export function consoleRoot(consoleUrl: string): string {
  return encodeURI(decodeSafely(consoleUrl)).replace(/\/+$/, '');
}

/** An address may be encoded already; one that only looks so is taken as it is. */
function decodeSafely(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** Where a rule's runbook stands when there is no console to link to, as the end of a sentence. */
export function runbookPlace(alertname: string, file: string): string {
  return `section ${alertname} of ${file}, which the console shows beside the alert`;
}
