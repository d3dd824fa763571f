// Proof with engines of two versions and two stores: every container has its name, its image and its labels in every family.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../../core/contracts/sample.ts';
import { type DockerEngine, type EngineOptions, startDockerEngine } from '../../engine/docker-engine.ts';
import { barred, type Figure, told, unmeasured } from '../figure.ts';
import { runContainer } from './containers.ts';
import { scrapeSamples, seconds, withCollector } from './started.ts';

type Progress = (line: string) => void;

const engines: readonly (EngineOptions & { name: string; version: number })[] = [
  { name: 'docker_26_overlay2', suite: 'trixie', store: 'overlay2', bridge: true, version: 26.1 },
  { name: 'docker_26_containerd', suite: 'trixie', store: 'containerd', bridge: true, version: 26.1 },
  { name: 'docker_28_overlay2', suite: 'sid', store: 'overlay2', bridge: true, version: 28.5 },
  { name: 'docker_28_containerd', suite: 'sid', store: 'containerd', bridge: true, version: 28.5 },
];

/** One plain container, two of compose, two of a swarm's service. */
const wanted = 5;

export async function proveEngines(cache: string, progress: Progress): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, version, ...options } of engines) {
    progress(`${name}: starting it`);
    const prefix = `collector.engines.${name}`;
    const start = await startDockerEngine(options);
    if (start.kind === 'absent') {
      figures.push(unmeasured(prefix, start.reason));
      continue;
    }
    try {
      figures.push(...(await proveEngine(start.engine, { prefix, version, store: options.store, cache })));
    } catch (error) {
      figures.push(unmeasured(prefix, (error as Error).message));
    } finally {
      await clear(start.engine);
      await start.engine.stop();
    }
  }
  return figures;
}

async function proveEngine(
  engine: DockerEngine,
  { prefix, version, store, cache }: { prefix: string; version: number; store: string; cache: string },
): Promise<Figure[]> {
  await runContainer(engine, 'plain');
  await composeUp(engine);
  await createService(engine);
  const listed = await listUntil(engine, wanted);
  const { Driver } = JSON.parse((await engine.ask('GET', '/info')).text) as { Driver: string };
  const { Version } = JSON.parse((await engine.ask('GET', '/version')).text) as { Version: string };
  return withCollector(cache, { DOCKER_HOST: `unix://${engine.socketPath}` }, async (collector) => {
    await seconds(25); // layers and tasks are read in the background
    const samples = (await scrapeSamples(collector)).filter(({ name }) => isOfContainer(name));
    const verdicts = listed.map((row) => judge(row, samples));
    const families = new Set(samples.map(({ name }) => name));
    return [
      barred(`${prefix}.version`, Number.parseFloat(Version), '==', version),
      barred(
        `${prefix}.store_as_asked`,
        Driver === (store === 'containerd' ? 'overlayfs' : 'overlay2') ? 1 : 0,
        '==',
        1,
      ),
      barred(`${prefix}.containers`, listed.length, '==', wanted),
      told(`${prefix}.families`, families.size),
      barred(`${prefix}.series_lacking_a_label`, sum(verdicts.map(({ lacking }) => lacking)), '==', 0),
      barred(`${prefix}.families_lacking_a_container`, sum(verdicts.map(({ had }) => families.size - had)), '==', 0),
    ];
  });
}

/** The engine's own series, and the one of ours that names no image, are apart. */
function isOfContainer(name: string): boolean {
  return /^container_/.test(name) && !/^container_(engine_|read_failures|identity_info)/.test(name);
}

interface Listed {
  Names: string[];
  Image: string;
  Labels: Record<string, string>;
}

const exported = [
  'com.docker.compose.project',
  'com.docker.compose.service',
  'com.docker.compose.project.working_dir',
  'com.docker.swarm.service.name',
];

/** Series of the container that lack one of its labels, and how many families it has. */
function judge({ Names, Image, Labels }: Listed, samples: readonly Sample[]): { lacking: number; had: number } {
  const name = Names[0]!.slice(1);
  const expected: [string, string][] = [
    ['image', Image],
    ...exported
      .filter((label) => Labels[label])
      .map((label): [string, string] => [`container_label_${label.replaceAll(/\W/g, '_')}`, Labels[label]!]),
  ];
  const own = samples.filter(({ labels }) => labels['name'] === name);
  const lacking = own.filter(
    ({ labels }) => !labels['id'] || expected.some(([label, value]) => labels[label] !== value),
  );
  return { lacking: lacking.length, had: new Set(own.map((one) => one.name)).size };
}

async function composeUp(engine: DockerEngine): Promise<void> {
  const service = { image: 'tiny:1', pull_policy: 'never', command: ['/bin/sleep', '3600'] };
  const file = join(engine.folder, 'compose.json');
  writeFileSync(file, JSON.stringify({ name: 'shop', services: { web: service, db: service } }));
  await compose(engine, ['-f', file, 'up', '-d', '--quiet-pull']);
}

function compose(engine: DockerEngine, parameters: readonly string[]): Promise<void> {
  const environment = { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.folder };
  return new Promise((resolve, reject) => {
    execFile(engine.compose, [...parameters], { env: environment, timeout: 60_000 }, (error, _stdout, stderr) =>
      error === null ? resolve() : reject(new Error(`compose: ${stderr.slice(-300)}`)),
    );
  });
}

async function createService(engine: DockerEngine): Promise<void> {
  const swarm = { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1', DefaultAddrPool: ['10.214.0.0/16'] };
  const init = await engine.ask('POST', '/swarm/init', { ...swarm, SubnetSize: 24 });
  const created = await engine.ask('POST', '/services/create', {
    Name: 'api',
    TaskTemplate: { ContainerSpec: { Image: 'tiny:1', Command: ['/bin/sleep', '3600'] } },
    Mode: { Replicated: { Replicas: 2 } },
  });
  if (created.status !== 201) throw new Error(`no service: ${init.text} ${created.text}`);
}

async function listUntil(engine: DockerEngine, count: number): Promise<Listed[]> {
  let rows: Listed[] = [];
  for (let tries = 0; tries < 60 && rows.length < count; tries++) {
    await seconds(0.5);
    rows = JSON.parse((await engine.ask('GET', '/containers/json')).text) as Listed[];
  }
  return rows;
}

/** Containers outlive an engine that is only told to stop. */
async function clear(engine: DockerEngine): Promise<void> {
  await engine.ask('DELETE', '/services/api').catch(() => undefined);
  await engine.ask('POST', '/swarm/leave?force=1').catch(() => undefined);
  const listed = await engine.ask('GET', '/containers/json?all=1');
  for (const { Id } of JSON.parse(listed.text) as { Id: string }[]) {
    await engine.ask('DELETE', `/containers/${Id}?force=1&v=1`).catch(() => undefined);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
