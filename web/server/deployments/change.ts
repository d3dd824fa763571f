// What becomes of a revision's specification when some of it is changed, and which combinations cannot run.
import type { RevisionChange, RevisionSpec } from '../../../core/contracts/deployment-spec.ts';

/** Fields that are given replace; null takes an optional field away. */
export function changed(spec: RevisionSpec, change: RevisionChange): RevisionSpec {
  const kept = Object.entries({ ...spec, ...change }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as RevisionSpec;
}

/** Why it cannot be deployed so, with what to do; undefined where it can. */
export function refuseSpec(
  spec: RevisionSpec,
  settings: { replicas: number; hosts: readonly string[] },
): string | undefined {
  if (spec.volumes.length > 0 && settings.replicas > 1)
    return 'With a volume there is one replica at most, since a volume lies on one node; ask for one.';
  if (settings.hosts.length > 0 && spec.port === undefined)
    return 'Requests for its hosts have nowhere to go: give the port that the application listens on.';
  const places = [...spec.volumes, ...spec.memoryFolders].map(({ path }) => path);
  const twice = places.find((path, index) => places.indexOf(path) !== index);
  if (twice !== undefined) return `Two things are mounted at ${twice}; choose another path for one of them.`;
  const files = spec.secrets.map(({ name, file }) => file ?? name);
  const same = files.find((file, index) => files.indexOf(file) !== index);
  if (same !== undefined) return `Two secrets would be the file ${same}; give one of them another file name.`;
  return undefined;
}

/** What a person should know before relying on it. */
export function warningsOf(spec: RevisionSpec, settings: { replicas: number }): string[] {
  const warnings: string[] = [];
  if (spec.healthCheck === undefined)
    warnings.push(
      'Without a health check a replica counts as healthy as soon as it runs: requests may fail while it starts.',
    );
  if (spec.volumes.length > 0)
    warnings.push('It has a volume, so an update stops the old replica before the new one starts.');
  else if (settings.replicas === 1) warnings.push('With one replica, requests fail while a crashed one is replaced.');
  return warnings;
}
