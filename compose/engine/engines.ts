// Prometheus and Alertmanager for this machine: those on the PATH where they serve, else unpacked from the distribution's packages.
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { enginesFrom, optionalPackages, type PackageSource, packageNames, parseRelease } from './release.ts';
import { run } from './run.ts';
import { type Relocation, unpackPackages } from './unpack.ts';
import { isAtLeast, oldestAlertmanager, oldestPrometheus, parseVersion, type VersionBar } from './version.ts';

export interface Program {
  path: string;
  /** The folder that it must be started in. */
  cwd: string;
  version: string;
}

export type Found = { kind: 'program'; program: Program } | { kind: 'missing'; reason: string };

export interface Engines {
  prometheus: Found;
  alertmanager: Found;
}

interface Wanted {
  /** Names that the program goes by. */
  names: readonly string[];
  bar: VersionBar;
  packages: readonly string[];
  relocations: readonly Relocation[];
}

const wanted: Readonly<Record<'prometheus' | 'alertmanager', Wanted>> = {
  prometheus: {
    names: ['prometheus'],
    bar: oldestPrometheus,
    packages: packageNames.prometheus,
    relocations: [],
  },
  alertmanager: {
    names: ['alertmanager', 'prometheus-alertmanager'],
    bar: oldestAlertmanager,
    packages: packageNames.alertmanager,
    relocations: [{ program: 'usr/bin/prometheus-alertmanager', path: '/usr/share/prometheus/alertmanager' }],
  },
};
type EngineName = keyof typeof wanted;

/** Finds or gets both; never rejects: what cannot be had is told with its reason. */
export async function ensureEngines(engineDir: string, progress: (line: string) => void): Promise<Engines> {
  const prometheus = await ensureOne('prometheus', engineDir, progress);
  const alertmanager = await ensureOne('alertmanager', engineDir, progress);
  return { prometheus, alertmanager };
}

async function ensureOne(name: EngineName, engineDir: string, progress: (line: string) => void): Promise<Found> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = await findProgram(name, folders, '/');
  if (onPath.kind === 'program') return onPath;
  const reasons = [onPath.reason];
  for (const from of enginesFrom(parseRelease(readFileSync('/etc/os-release', 'utf8')))) {
    const found = await getEngine(name, from, engineDir, progress);
    if (found.kind === 'program') return found;
    reasons.push(found.reason);
  }
  return { kind: 'missing', reason: reasons.join('; ') };
}

/** Unpacks one engine with its tools into `<engineDir>/<suite>/<name>`, unless it is there, and reads its version back. */
export async function getEngine(
  name: EngineName,
  from: PackageSource,
  engineDir: string,
  progress: (line: string) => void,
): Promise<Found> {
  const { packages, relocations } = wanted[name];
  const into = join(engineDir, from.kind === 'own' ? 'own' : from.suite, name);
  try {
    await unpackPackages({ from, packages, optional: optionalPackages, relocations, into, progress });
  } catch (error) {
    return { kind: 'missing', reason: (error as Error).message };
  }
  return findProgram(name, [join(into, 'usr/bin')], into);
}

/** The first of its names in these folders that runs and is new enough; reading its version back is what proves it. */
async function findProgram(name: EngineName, folders: readonly string[], cwd: string): Promise<Found> {
  const { names, bar } = wanted[name];
  const paths = folders.flatMap((folder) => names.map((file) => join(folder, file))).filter(isExecutable);
  let reason = `no ${name} in ${folders.length === 1 ? folders[0] : 'the PATH'}`;
  for (const path of paths) {
    const ran = await run(path, ['--version'], { timeoutSeconds: 10 });
    const version = parseVersion(ran.output);
    if (ran.code !== 0 || version === undefined) reason = `${path} does not run: ${ran.output.trim().slice(0, 200)}`;
    else if (!isAtLeast(version, bar)) reason = `${path} is ${version.text}, older than ${bar.major}.${bar.minor}`;
    else return { kind: 'program', program: { path, cwd, version: version.text } };
  }
  return { kind: 'missing', reason };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
