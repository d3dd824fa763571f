// Gets packages of the distribution and unpacks them into a folder: with an apt of its own, without root, nothing on the system replaced.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readText } from '../../core/runtime/read-text.ts';
import { renderAptConfig, renderSource } from './apt-config.ts';
import { downloadedIn, mirrorsIn, type PackageSource, parseRelease } from './release.ts';
import { relocate } from './relocate.ts';
import { run } from './run.ts';

export interface PackageRequest {
  from: PackageSource;
  packages: readonly string[];
  /** Left out where the source has no such package. */
  optional: readonly string[];
  /** Programs that read files by a fixed path: made to read them relative to `into`, where they are then started. */
  relocations: readonly Relocation[];
  /** The folder that they are unpacked into; it is there whole or not at all. */
  into: string;
  progress(line: string): void;
}

export interface Relocation {
  /** Relative to `into`. */
  program: string;
  path: string;
}

const stampName = '.odyssey-packages';
const updateSeconds = 180;
const downloadSeconds = 600;
const mirrorsTriedMax = 3;
const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Idempotent. Rejects with a sentence on what could not be had and why. */
export async function unpackPackages(request: PackageRequest): Promise<void> {
  const stamp = `${[request.from.kind === 'own' ? 'own' : request.from.suite, ...request.packages].join(' ')}\n`;
  if (readText(join(request.into, stampName)) === stamp) return;
  const what = `${request.packages.join(', ')} (${request.from.kind === 'own' ? 'own sources' : request.from.suite})`;
  if ((await run('apt-get', ['--version'], { timeoutSeconds: 10 })).code !== 0) {
    throw new Error(`${what}: there is no apt-get on this machine`);
  }
  const fresh = join(dirname(request.into), `.${basename(request.into)}.${process.pid}`);
  const work = `${fresh}.apt`;
  clearLeftovers(request.into);
  try {
    request.progress(`getting ${what}`);
    await download(request, work);
    mkdirSync(fresh, { recursive: true });
    for (const file of readdirSync(join(work, 'debs')).filter((name) => name.endsWith('.deb'))) {
      const ran = await run('dpkg-deb', ['-x', join(work, 'debs', file), fresh], { timeoutSeconds: downloadSeconds });
      if (ran.code !== 0) throw new Error(`${file} cannot be unpacked: ${lastLine(ran.output)}`);
    }
    for (const { program, path } of request.relocations) relocateFile(join(fresh, program), path);
    writeFileSync(join(fresh, stampName), stamp);
    replace(fresh, request.into);
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function download(request: PackageRequest, work: string): Promise<void> {
  const { from } = request;
  for (const folder of ['lists/partial', 'cache/archives/partial', 'sources', 'preferences', 'debs']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const config = join(work, 'apt.conf');
  const writeConfig = (ownSources: boolean) =>
    writeFileSync(config, renderAptConfig({ work, user: userInfo().username, ownSources }));
  writeConfig(true);
  if (from.kind === 'own') await update(config, false);
  else {
    const mirrors = await findMirrors(config);
    writeConfig(false);
    await updateFromAny(mirrors, from.suite, work, config);
  }
  const wanted = await present(request, config);
  const onLine = (line: string) => {
    const downloaded = downloadedIn(line);
    if (downloaded !== undefined) request.progress(`  ${downloaded}`);
  };
  const ran = await run('apt-get', ['-c', config, 'download', '-q', ...wanted], {
    cwd: join(work, 'debs'),
    timeoutSeconds: downloadSeconds,
    onLine,
  });
  if (ran.code !== 0) throw new Error(`${wanted.join(', ')} cannot be downloaded: ${lastLine(ran.output)}`);
}

async function findMirrors(config: string): Promise<string[]> {
  const printed = await run('apt-get', ['-c', config, 'update', '--print-uris'], { timeoutSeconds: 30 });
  const { codename } = parseRelease(readText('/etc/os-release') ?? '');
  const mirrors = mirrorsIn(printed.output, codename);
  if (mirrors.length === 0) throw new Error("this machine's apt has no source of its own distribution");
  return mirrors.slice(0, mirrorsTriedMax);
}

/** A third party's repository may look like a mirror: the next one is asked then. */
async function updateFromAny(mirrors: readonly string[], suite: string, work: string, config: string): Promise<void> {
  const keyring = existsSync(debianKeyring) ? debianKeyring : undefined;
  const failures: unknown[] = [];
  for (const mirror of mirrors) {
    writeFileSync(join(work, 'sources', 'odyssey.sources'), renderSource(mirror, suite, keyring));
    try {
      return await update(config, true);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

/** Strictly: a source that cannot be read is an error. To apt it is only a warning, as it may be to us where it is a third party's. */
async function update(config: string, strictly: boolean): Promise<void> {
  const strictness = strictly ? ['-o', 'APT::Update::Error-Mode=any'] : [];
  const args = ['-c', config, ...strictness, 'update', '-q'];
  const ran = await run('apt-get', args, { timeoutSeconds: updateSeconds });
  if (ran.code !== 0) throw new Error(`apt cannot read its sources: ${lastLine(ran.output)}`);
}

/** The requested packages without the optional ones that the source lacks. */
async function present(request: PackageRequest, config: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of request.packages) {
    const ran = await run('apt-cache', ['-c', config, 'show', name], { timeoutSeconds: 30 });
    if (ran.code === 0 || !request.optional.includes(name)) found.push(name);
  }
  return found;
}

function relocateFile(file: string, path: string): void {
  const bytes = readFileSync(file);
  if (relocate(bytes, path) > 0) writeFileSync(file, bytes);
}

/** What a run that was cut off left beside the folder. */
function clearLeftovers(into: string): void {
  const prefix = `.${basename(into)}.`;
  const beside = existsSync(dirname(into)) ? readdirSync(dirname(into)) : [];
  for (const name of beside.filter((other) => other.startsWith(prefix))) {
    const pid = name.slice(prefix.length).split('.')[0]!;
    if (!existsSync(`/proc/${pid}`)) rmSync(join(dirname(into), name), { recursive: true, force: true });
  }
}

function replace(fresh: string, into: string): void {
  const old = `${fresh}.old`;
  if (existsSync(into)) renameSync(into, old);
  renameSync(fresh, into);
  rmSync(old, { recursive: true, force: true });
}

function lastLine(output: string): string {
  const lines = output.trimEnd().split('\n');
  return (lines.findLast((line) => /^[EW]:/.test(line)) ?? lines.at(-1) ?? '').slice(0, 300);
}
