// What an image registry would give, made of this machine's programs and Debian's packages: Node, Prometheus, Alertmanager, our packages.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPackages } from '../../../compose/engine/unpack.ts';
import { root } from '../../../compose/place.ts';
import type { DockerEngine } from '../../engine/docker-engine.ts';
import { type RootParts, tarOfRoot } from '../../engine/root-tar.ts';
import { enginesFolder, findEngines } from '../../engines.ts';

/** The names in `.env`, as compose is given them in place of a registry's. */
export type ImageSettings = Readonly<
  Record<'NODE_IMAGE' | 'ODYSSEY_BUILT' | 'PROMETHEUS_IMAGE' | 'ALERTMANAGER_IMAGE', string>
>;

const commands = [
  'sh',
  'mkdir',
  'chown',
  'chmod',
  'mktemp',
  'timeout',
  'rm',
  'wget',
  'cat',
  'sleep',
  'id',
  'ls',
  'tr',
  'tar',
];

/** Imports the four; rejects with a sentence where a part cannot be had. */
export async function importImages(engine: DockerEngine): Promise<ImageSettings> {
  const shell = await shellParts();
  const node = process.execPath;
  await give(engine, 'node', {
    ...shell,
    programs: {
      ...{ ...shell.programs, 'bin/bash': '/bin/bash', 'usr/local/bin/node': node },
      ...{ 'usr/bin/setpriv': '/usr/bin/setpriv', 'usr/bin/perl': '/usr/bin/perl' }, // Debian's slim image has these
      ...{ 'usr/bin/nice': '/usr/bin/nice', 'usr/bin/du': '/usr/bin/du' },
    },
  });
  await give(engine, 'built', { programs: {}, folders: builtParts() });
  const [found] = findEngines();
  if (found === undefined) throw new Error('Prometheus and Alertmanager are not unpacked; `npm test` does that first');
  await give(
    engine,
    'prometheus',
    { ...shell, programs: { ...shell.programs, 'bin/prometheus': found.prometheus }, owned: { prometheus: 65_534 } },
    ['ENTRYPOINT ["/bin/prometheus"]'],
  );
  await give(
    engine,
    'alertmanager',
    {
      ...shell,
      programs: { ...shell.programs, 'bin/amtool': found.amtool },
      folders: { engine: found.cwd },
      owned: { alertmanager: 65_534 },
    },
    ['WORKDIR /engine', 'ENTRYPOINT ["/engine/usr/bin/prometheus-alertmanager"]'],
  );
  const named = (name: string) => `odyssey-test/${name}:1`;
  return {
    NODE_IMAGE: named('node'),
    ODYSSEY_BUILT: named('built'),
    PROMETHEUS_IMAGE: named('prometheus'),
    ALERTMANAGER_IMAGE: named('alertmanager'),
  };
}

async function give(
  engine: DockerEngine,
  name: string,
  parts: RootParts,
  changes: readonly string[] = [],
): Promise<void> {
  const search = new URLSearchParams({ fromSrc: '-', repo: `odyssey-test/${name}`, tag: '1' });
  for (const change of ['ENV PATH=/usr/local/bin:/usr/bin:/bin', ...changes]) search.append('changes', change);
  const { status, text } = await engine.ask('POST', `/images/create?${search}`, tarOfRoot(parts));
  if (status !== 200 || !text.includes('sha256:'))
    throw new Error(`the image ${name} was not taken: ${text.slice(0, 300)}`);
}

async function shellParts(): Promise<RootParts> {
  const into = join(enginesFolder, 'busybox');
  const progress = (): void => undefined;
  await unpackPackages({
    from: { kind: 'own' },
    packages: ['busybox-static'],
    optional: [],
    relocations: [],
    into,
    progress,
  });
  const busybox = ['bin/busybox', 'usr/bin/busybox'].map((path) => join(into, path)).find(existsSync);
  if (busybox === undefined) throw new Error('busybox-static holds no busybox');
  const links = Object.fromEntries(commands.map((name) => [`bin/${name}`, 'busybox']));
  // The engines' own binaries are dynamic: the C library comes with this one.
  return { programs: { 'bin/busybox': busybox, 'bin/env': '/usr/bin/env' }, links };
}

/** The packages that run in production and the built console, as the image's first stage makes them. */
function builtParts(): Record<string, string> {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const into = join(enginesFolder, `production-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  if (!existsSync(into)) {
    const fresh = `${into}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(join(root, file), join(fresh, file));
    const omit = ['--omit=dev', '--omit=optional', '--no-audit', '--no-fund'];
    execFileSync('npm', ['ci', ...omit], { cwd: fresh, stdio: 'ignore', timeout: 180_000 });
    renameSync(fresh, into);
  }
  const built = join(root, 'web/console/dist');
  if (!existsSync(built)) throw new Error('the console is not built; `npm test` and `npm run build` do that');
  return {
    'odyssey/node_modules': join(into, 'node_modules'),
    'odyssey/web/console/dist': built,
  };
}
