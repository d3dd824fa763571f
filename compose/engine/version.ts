// Versions of programs as they print them, and which are new enough.

export interface Version {
  major: number;
  minor: number;
  text: string;
}

/** Finds "prometheus, version 2.53.3+ds1 (branch …)" in what `--version` printed; undefined where there is none. */
export function parseVersion(printed: string): Version | undefined {
  const match = /\bversion (\d+)\.(\d+)([^\s,]*)/.exec(printed);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), text: `${match[1]}.${match[2]}${match[3]}` };
}

export interface VersionBar {
  major: number;
  minor: number;
}

export const oldestPrometheus: VersionBar = { major: 2, minor: 42 };
/** The first that knows time zones of quiet hours, and how often to keep silences on disk. */
export const oldestAlertmanager: VersionBar = { major: 0, minor: 25 };

export function isAtLeast(version: Version, bar: VersionBar): boolean {
  return version.major > bar.major || (version.major === bar.major && version.minor >= bar.minor);
}
