// Proof that a secret's value is found nowhere: data folder, swarm state, image and writable layers, and every answer of the API.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { application, type DeploymentRig } from '../../web/server/deployments/rig.ts';
import { barred, type Figure, told } from '../figure.ts';

const run = promisify(execFile);

export async function provePlaintext(rig: DeploymentRig, progress: (line: string) => void): Promise<Figure[]> {
  progress('a secret, looked for everywhere');
  const value = `plain-${randomBytes(16).toString('hex')}`;
  await rig.call('POST', '/secrets', { name: 'vault-key', value: { text: value }, deployments: ['keeper'] });
  const spec = { secrets: [{ name: 'vault-key' }], env: { SECRET_FILE: 'vault-key' } };
  const made = await rig.operate('POST', '/deployments', application('keeper', 'app:1', spec));
  if (made.state !== 'done') throw new Error(`the application is not deployed: ${made.outcome}`);
  const load = await readByApplication(rig);
  const answers = await readAnswers(rig, made.id);
  const forms = [value, Buffer.from(value).toString('base64').slice(0, -4)];
  const inAnswers = answers.filter(({ text }) => forms.some((form) => text.includes(form)));
  const files = [...(await filesWith(forms, rig.data)), ...(await filesWith(forms, rig.engine.folder))];
  await rig.operate('DELETE', '/deployments/keeper');
  return [
    // The search could find nothing because nothing was there: so the application says how long the value is that it has read.
    barred('deployments.secret.bytes_read_by_the_application', load, '==', value.length),
    withReason(barred('deployments.secret.files_with_its_value', files.length, '==', 0), files),
    withReason(
      barred('deployments.secret.answers_with_its_value', inAnswers.length, '==', 0),
      inAnswers.map(({ path }) => path),
    ),
    told('deployments.secret.answers_looked_at', answers.length),
    barred('deployments.secret.answers_that_worked', answers.filter(({ status }) => status === 200).length, '>=', 25),
  ];
}

async function readByApplication(rig: DeploymentRig): Promise<number> {
  const { answers } = await rig.load({ host: 'keeper.test', connections: 1, requests: 1, path: '/secret' }).done;
  return Number(Object.keys(answers)[0]);
}

/** Every route that is read, with what there is for its parameters. */
async function readAnswers(
  rig: DeploymentRig,
  operation: string,
): Promise<{ path: string; status: number; text: string }[]> {
  const values: Record<string, string> = {
    ...{
      environment: rig.test.defaultEnvironment,
      deployment: 'keeper',
      revision: 'r1',
      secret: 'vault-key',
      operation,
    },
    ...{ network: 'main', node: 'self', volume: 'vol-none' },
  };
  const read = rig.test.plane.routes.filter(
    ({ method, events, access }) => method === 'get' && !events && access !== 'detectors',
  );
  const found = [];
  for (const { path } of read) {
    const address = path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? '0'.repeat(16));
    const query = path.endsWith('/diff') ? '?from=r1' : '';
    const { status, text } = await rig.test.admin.call('GET', `${address}${query}`);
    found.push({ path, status, text });
  }
  return found;
}

/** The tmpfs that the application reads it from is in the engine's mount namespace and not seen from here, as it should be. */
async function filesWith(forms: readonly string[], folder: string): Promise<string[]> {
  const patterns = forms.flatMap((form) => ['-e', form]);
  const options = { maxBuffer: 1 << 24, timeout: 240_000 };
  // Exit code 1 says that nothing was found; files that vanish meanwhile are told on standard error.
  const { stdout } = await run('grep', ['-rlaF', '-s', ...patterns, folder], options).catch(
    (error: { code: number; stdout: string }) => {
      if (error.code === 1 || error.code === 2) return error;
      throw error;
    },
  );
  return stdout.split('\n').filter((line) => line !== '');
}

function withReason(figure: Figure, found: readonly string[]): Figure {
  return figure.ok === false ? { ...figure, reason: found.slice(0, 5).join(', ') } : figure;
}
