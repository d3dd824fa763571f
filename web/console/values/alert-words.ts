// Which alert is meant, in one text, and where it is looked at: as messages to people have it, too.
export { alertKey as keyOf, alertPath as alertHref } from '../../../core/lib/alert-link.ts';

const naming = ['name', 'deployment', 'groupname', 'device', 'uuid'] as const;

/** The thing that an alert is about, where its summary does not name it: one rule says the same words of every container. */
export function unnamedIn(summary: string, labels: Readonly<Record<string, string>>): string | undefined {
  const name = naming.map((label) => labels[label]).find((value) => value !== undefined && value !== '');
  return name === undefined || summary.includes(name) ? undefined : name;
}
