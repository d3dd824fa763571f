// Proof that a secret's plaintext is nowhere but in memory: not on disk, not in the engine's state, not in any answer or log.
import { application, type DeploymentRig } from '../../web/server/deployments/rig.ts';
import { filesWith, until } from '../../web/server/engine-plane.ts';
import { barred, type Figure, told } from '../figure.ts';

const values = ['prove-plaintext-one-5d1f', 'prove-plaintext-two-8b2e'];

/** On a rig whose swarm has been started; leaves one deployment more. */
export async function proveSecrets(rig: DeploymentRig, progress: (line: string) => void): Promise<Figure[]> {
  progress('a secret, mounted and rotated');
  const answers: string[] = [];
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await rig.call(method, path, body);
    answers.push(answer.text);
    return answer;
  };
  await call('POST', '/secrets', { name: 'hidden', value: { text: values[0] }, deployments: ['keeper'] });
  const spec = application('keeper', 'app:1', { secrets: [{ name: 'hidden' }], env: { SECRET_FILE: 'hidden' } });
  const made = await rig.operate('POST', '/deployments', spec);
  if (made.state !== 'done') throw new Error(`the application is not deployed: ${made.outcome}`);
  const began = performance.now();
  await call('POST', '/secrets/hidden/versions', { value: { text: values[1] } });
  const secret = `/environments/${rig.test.defaultEnvironment}/secrets/hidden`;
  const { rotation, versions } = await until(rig.test.admin, secret, (one) => one.rotation.ended !== null);
  const seconds = (performance.now() - began) / 1_000;

  progress('looking for it');
  for (const below of [
    '/secrets',
    '/deployments/keeper',
    '/deployments/keeper/diagnosis',
    '/deployments/keeper/revisions',
  ])
    await call('GET', below);
  for (const path of ['/audit?limit=200', '/events', '/containers', '/nodes'])
    answers.push((await rig.test.admin.call('GET', path)).text);
  for (const path of ['/services', '/tasks', '/secrets', '/configs', '/containers/json?all=1'])
    answers.push((await rig.engine.ask('GET', path)).text);
  answers.push(rig.test.logged.join('\n'));
  const forms = values.flatMap((value) => [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)]);
  const inAnswers = forms.filter((form) => answers.some((text) => text.includes(form))).length;
  const files = (folder: string) => forms.flatMap((form) => filesWith(form, folder).split('\n').filter(Boolean)).length;
  return [
    barred('deployments.secrets_rotated', Number(rotation.phase === 'done' && versions.length === 1), '==', 1),
    told('deployments.secrets_rotation_seconds', seconds, 's'),
    barred('deployments.secrets_plaintext_in_answers', inAnswers, '==', 0),
    barred('deployments.secrets_plaintext_in_data', files(rig.data), '==', 0),
    barred('deployments.secrets_plaintext_in_engine', files(`${rig.engine.folder}/data`), '==', 0),
  ];
}
