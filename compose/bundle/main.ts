// npm run bundle -- FOLDER: everything that a Docker host without a registry needs, with checksums: images, compose file, settings.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { root } from '../place.ts';
import { imagesOf, loadScript, type NamedImage, packedName, renderSums } from './images.ts';

const socket = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
const idleSeconds = 60;
/** What runs without them: Grafana is a profile, and the ingress comes with the first deployment. */
const optional = new Set(['GRAFANA_IMAGE', 'HAPROXY_IMAGE']);
/** The compose file and what it reads beside itself. */
const described = ['compose/compose.yaml', 'compose/collector-seccomp.json'];

process.exitCode = await bundle(process.argv.slice(2));

async function bundle([given, ...rest]: string[]): Promise<number> {
  if (given === undefined || given.startsWith('-') || rest.length > 0) return complain('npm run bundle -- FOLDER');
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), given);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    return complain(`${folder} is not empty. Give a new folder, so that nothing old is taken along.`);
  const images = imagesOf(readFileSync(join(root, '.env'), 'utf8'), process.env);
  const [there, absent] = await partByPresence(images);
  for (const { variable, image } of absent) say(`${image} (${variable}) is not on this machine and is left out.`);
  if (there.length === 0)
    return complain('None of the images is here: `docker compose build` and `docker compose pull` first.');
  if (absent.some(({ variable }) => !optional.has(variable)))
    return complain('Without these Odyssey does not start: `docker compose build` and `docker compose pull` first.');
  try {
    mkdirSync(join(folder, 'compose'), { recursive: true });
    await save(there, join(folder, 'images.tar'));
    writeFileSync(join(folder, '.env'), pinned(there));
    for (const file of described) copyFileSync(join(root, file), join(folder, file));
    writeFileSync(join(folder, 'load.sh'), loadScript, { mode: 0o755 });
    const sums: Record<string, string> = {};
    for (const file of ['images.tar', '.env', ...described, 'load.sh']) sums[file] = await sumOf(join(folder, file));
    writeFileSync(join(folder, 'SHA256SUMS'), renderSums(sums));
  } catch (error) {
    rmSync(join(folder, 'SHA256SUMS'), { force: true }); // half a bundle must not pass for one
    return complain(`The bundle is not whole: ${(error as Error).message}`);
  }
  say(
    `${there.length} images are in ${folder}. Take the folder to the host and run: sh load.sh && docker compose up -d`,
  );
  return 0;
}

/** What was chosen on this machine holds on the other one. */
function pinned(images: readonly NamedImage[]): string {
  const chosen = new Map(images.map(({ variable, image }) => [variable, packedName(image)]));
  return readFileSync(join(root, '.env'), 'utf8').replace(/^([A-Z0-9_]+_IMAGE)=.*$/gm, (line, variable: string) =>
    chosen.has(variable) ? `${variable}=${chosen.get(variable)}` : line,
  );
}

async function partByPresence(images: readonly NamedImage[]): Promise<[NamedImage[], NamedImage[]]> {
  const here = await Promise.all(
    images.map(async ({ image }) => {
      const answer = await ask('GET', `${pathOf(image)}/json`);
      answer.resume();
      return answer.statusCode === 200;
    }),
  );
  return [images.filter((_, place) => here[place]), images.filter((_, place) => !here[place])];
}

async function save(images: readonly NamedImage[], into: string): Promise<void> {
  say(`Saving ${images.map(({ image }) => image).join(', ')} …`);
  for (const { image } of images) await nameForArchive(image);
  const names = images.map(({ image }) => `names=${encodeURIComponent(packedName(image))}`).join('&');
  const answer = await ask('GET', `/images/get?${names}`);
  if (answer.statusCode !== 200) throw new Error(`the engine answers ${answer.statusCode}`);
  await pipeline(answer, createWriteStream(into));
}

/** An archive holds names, not digests. */
async function nameForArchive(image: string): Promise<void> {
  const name = packedName(image);
  if (name === image) return;
  const colon = name.lastIndexOf(':');
  const query = new URLSearchParams({ repo: name.slice(0, colon), tag: name.slice(colon + 1) });
  const answer = await ask('POST', `${pathOf(image)}/tag?${query}`);
  answer.resume();
  if (answer.statusCode !== 201)
    throw new Error(`${image} cannot be named ${name}: the engine answers ${answer.statusCode}`);
}

function pathOf(image: string): string {
  return `/images/${encodeURIComponent(image).replaceAll('%2F', '/')}`;
}

function ask(method: 'GET' | 'POST', path: string): Promise<IncomingMessage> {
  return new Promise((answered, refused) => {
    const sent = request(
      { socketPath: socket, method, path, headers: { host: 'docker' }, timeout: idleSeconds * 1000 },
      answered,
    );
    sent.on('timeout', () => sent.destroy(new Error(`the engine was silent for ${idleSeconds} s`)));
    sent.on('error', (error) => refused(new Error(`the Docker engine at ${socket} cannot be asked: ${error.message}`)));
    sent.end();
  });
}

async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(line: string): number {
  say(line);
  return 1;
}
