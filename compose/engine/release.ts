// Which packages bring Prometheus and Alertmanager on this distribution, and from which mirror.

export interface Release {
  /** ID of /etc/os-release: debian, ubuntu … */
  id: string;
  versionId: string;
  codename: string;
}

/** Reads /etc/os-release; what is missing is empty. */
export function parseRelease(text: string): Release {
  const value = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { id: value('ID'), versionId: value('VERSION_ID'), codename: value('VERSION_CODENAME') };
}

/** A suite of the distribution's mirror, or the machine's own sources as they are. */
export type PackageSource = { kind: 'suite'; suite: string } | { kind: 'own' };

/** Debian 12's Prometheus is three years behind trixie's, which needs nothing that Debian 12 lacks: libc 2.34 is enough. */
export function enginesFrom(release: Release): readonly PackageSource[] {
  const newer = release.id === 'debian' && release.versionId === '12';
  return newer ? [{ kind: 'suite', suite: 'trixie' }, { kind: 'own' }] : [{ kind: 'own' }];
}

export interface PackageNames {
  prometheus: readonly string[];
  alertmanager: readonly string[];
}

/** promtool became a package of its own after Debian 12 and Ubuntu 24.04; a name that a suite lacks is left out when asked for as optional. */
export const packageNames: PackageNames = {
  prometheus: ['prometheus', 'promtool'],
  alertmanager: ['prometheus-alertmanager'],
};
export const optionalPackages: readonly string[] = ['promtool'];

/**
 * The mirrors of the distribution itself, best first, in the output of `apt-get update --print-uris`:
 * those that have the release under its own name, before that those that carry its updates too (a third party's does not).
 */
export function mirrorsIn(printedUris: string, codename: string): string[] {
  const suites = new Map<string, Set<string>>();
  for (const [, base, suite] of printedUris.matchAll(/^'(\S+)\/dists\/([^/'\s]+)\/InRelease'/gm)) {
    suites.set(base!, (suites.get(base!) ?? new Set()).add(suite!));
  }
  const rank = (base: string): number => {
    const has = suites.get(base)!;
    if (![codename, 'stable', 'oldstable', 'testing', 'unstable', 'sid'].some((name) => has.has(name))) return 0;
    return [...has].some((name) => name.endsWith('-updates')) ? 2 : 1;
  };
  return [...suites.keys()].filter((base) => rank(base) > 0).sort((left, right) => rank(right) - rank(left));
}

/** What one package's progress line of apt says: its name and size; undefined for any other line. */
export function downloadedIn(line: string): string | undefined {
  const match = /^Get:\d+ \S+ \S+ \S+ (\S+) \S+ (\S+) \[([^\]]+)\]/.exec(line);
  return match === null ? undefined : `${match[1]} ${match[2]} (${match[3]})`;
}
