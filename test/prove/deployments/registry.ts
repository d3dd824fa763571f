// Proof with a private registry on loopback: refused without credentials and with wrong ones, pulled and pinned by its digest with right ones.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { unpackPackages } from '../../../compose/engine/unpack.ts';
import { root } from '../../../compose/place.ts';
import { systemClock } from '../../../core/runtime/clock.ts';
import { packFiles } from '../../engine/http-image.ts';
import { application, type DeploymentRig } from '../../web/server/deployments/rig.ts';
import { barred, type Figure, told } from '../figure.ts';

const registry = 'localhost:5000';
const image = `${registry}/team/shop:1`;
const credentials = { username: 'reader', password: 'correct-horse-1' };
/** bcrypt of that password: the registry knows no other form. */
const htpasswd = 'reader:$2b$05$abcdefghijklmnopqrstuuxerKkqjcYvolJcIPZ1jfN5rHI0UshA6\n';

export async function proveRegistry(rig: DeploymentRig, progress: (line: string) => void): Promise<Figure[]> {
  progress('a registry that asks for a password');
  const serving = await serveRegistry(rig);
  try {
    const digest = await pushImage(rig);
    const anonymous = await deploy(rig, 'anonymous');
    const wrong = await withPassword(rig, 'wrong-horse', 'wrong');
    const right = await withPassword(rig, credentials.password, 'right');
    const { body } = await rig.call('GET', '/deployments/right');
    const pinned = `${registry}/team/shop@${digest}`;
    const shown = [await rig.test.admin.call('GET', '/registries'), await rig.call('GET', `/operations/${right.id}`)];
    const pulled = right.steps.filter(({ progress: bytes }) => bytes !== undefined && bytes.total > 0);
    return [
      refused('without_credentials', anonymous),
      refused('wrong_password', wrong),
      barred('deployments.registry.pulled_and_running', Number(right.state === 'done'), '==', 1),
      barred(
        'deployments.registry.pinned_by_digest',
        Number(body.pinned === pinned && body.runningImages.join() === pinned),
        '==',
        1,
      ),
      barred('deployments.registry.progress_told', Number(pulled.length > 0), '==', 1),
      barred(
        'deployments.registry.password_shown',
        Number(shown.some(({ text }) => text.includes(credentials.password))),
        '==',
        0,
      ),
      told('deployments.registry.pull_and_start_seconds', right.ended! - right.started, 's'),
    ];
  } finally {
    for (const name of ['anonymous', 'wrong', 'right'])
      await rig.operate('DELETE', `/deployments/${name}`).catch(() => undefined);
    serving.kill('SIGTERM');
  }
}

type Ended = Awaited<ReturnType<DeploymentRig['operate']>>;

function refused(name: string, { state, outcome }: Ended): Figure {
  const clear = state === 'failed' && outcome.includes(registry) && /Give credentials/.test(outcome);
  const figure = barred(`deployments.registry.${name}_refused_clearly`, Number(clear), '==', 1);
  return clear ? figure : { ...figure, reason: outcome.slice(0, 300) };
}

async function withPassword(rig: DeploymentRig, password: string, name: string): Promise<Ended> {
  await rig.test.admin.call('PUT', `/registries/${registry}`, { username: credentials.username, password });
  return deploy(rig, name);
}

function deploy(rig: DeploymentRig, name: string): Promise<Ended> {
  return rig.operate('POST', '/deployments', application(name, image));
}

/** Debian's, in the engine's own network. */
async function serveRegistry({ engine }: DeploymentRig): Promise<ChildProcess> {
  const into = join(process.env['ODYSSEY_TEST_ENGINES'] ?? join(root, '.cache/engine'), 'registry');
  await unpackPackages({
    ...{ from: { kind: 'suite', suite: 'trixie' }, packages: ['docker-registry'], optional: [], relocations: [] },
    ...{ into, progress: () => undefined },
  });
  const folder = join(engine.folder, 'registry');
  mkdirSync(folder);
  writeFileSync(join(folder, 'htpasswd'), htpasswd);
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: { addr: '127.0.0.1:5000' },
    auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } },
  };
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config)); // JSON is YAML
  const program = join(into, 'usr/bin/docker-registry');
  if (!existsSync(program)) throw new Error('the package has no docker-registry');
  const child = spawn('nsenter', ['-t', String(engine.holder), '--net', program, 'serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await systemClock.sleep(2);
  if (child.exitCode !== null) throw new Error(`the registry has ended with ${child.exitCode}`);
  return child;
}

/** An image with a layer that is nowhere else, pushed and then taken off this host; gives its digest. */
async function pushImage({ engine }: DeploymentRig): Promise<string> {
  const made = JSON.parse(
    (
      await engine.ask('POST', '/containers/create?name=pushed', {
        Image: 'app:1',
        HostConfig: { NetworkMode: 'none' },
      })
    ).text,
  ) as { Id: string };
  await engine.ask(
    'PUT',
    `/containers/${made.Id}/archive?path=/`,
    packFiles(engine.folder, { filling: randomBytes(16 * 2 ** 20) }),
  );
  const { Id } = JSON.parse(
    (await engine.ask('POST', `/commit?container=${made.Id}&repo=${registry}/team/shop&tag=1`, {})).text,
  ) as { Id: string };
  await engine.ask('DELETE', `/containers/${made.Id}`);
  const said = await push(engine.socketPath);
  const digest = /"Digest":"(sha256:[0-9a-f]{64})"/.exec(said)?.[1];
  if (digest === undefined) throw new Error(`the image is not pushed: ${said.slice(-300)}`);
  await engine.ask('DELETE', `/images/${Id}?force=1`);
  return digest;
}

function push(socketPath: string): Promise<string> {
  // The engine wants the padding that `base64url` leaves out.
  const text = Buffer.from(JSON.stringify({ ...credentials, serveraddress: registry })).toString('base64');
  const auth = text.replaceAll('+', '-').replaceAll('/', '_');
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath,
        method: 'POST',
        path: `/images/${registry}/team/shop/push?tag=1`,
        agent: false,
        headers: { host: 'd', 'x-registry-auth': auth },
      },
      (answer) => {
        let said = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          said += chunk;
        });
        answer.on('end', () => resolve(said));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
