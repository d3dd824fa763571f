// What goes into a bundle: the images that run, as the settings and the environment name them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imagesOf, loadScript, packedName, renderSums } from '../../../compose/bundle/images.ts';
import { root } from '../../../compose/place.ts';

test.each([
  { given: 'a name', env: 'A_IMAGE=a:1', environment: {}, images: ['a:1'] },
  { given: 'what is not run', env: 'NODE_IMAGE=node:26\nA_IMAGE=a:1', environment: {}, images: ['a:1'] },
  { given: 'a comment', env: '#A_IMAGE=a:1\nB_IMAGE=b:1', environment: {}, images: ['b:1'] },
  { given: 'the environment', env: 'A_IMAGE=a:1', environment: { A_IMAGE: 'mine:2' }, images: ['mine:2'] },
  { given: 'nothing', env: 'A_IMAGE=\nOTHER=1', environment: {}, images: [] },
])('$given → $images', ({ env, environment, images }) => {
  expect(imagesOf(env, environment).map(({ image }) => image)).toEqual(images);
});

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  { image: 'a:1', name: 'a:1' },
  { image: `a:1@${digest}`, name: 'a:1' },
  { image: `host.test:5000/a@${digest}`, name: 'host.test:5000/a:sha256-0123456789ab' },
  { image: `host.test:5000/a:1@${digest}`, name: 'host.test:5000/a:1' },
])('$image is packed as $name, because an archive holds no digests', ({ image, name }) => {
  expect(packedName(image)).toBe(name);
});

test('what a registry gives is held by digest, and the build starts from the same image', () => {
  const env = readFileSync(join(root, '.env'), 'utf8');
  const held = [...env.matchAll(/^([A-Z]+)_IMAGE=(.+)$/gm)].filter(([, , image]) =>
    /@sha256:[0-9a-f]{64}$/.test(image!),
  );
  expect(held.map(([, name]) => name)).toEqual(['NODE', 'PROMETHEUS', 'ALERTMANAGER', 'GRAFANA']);
  const dockerfile = readFileSync(join(root, 'compose/Dockerfile'), 'utf8');
  for (const [, name, image] of held.filter(([, name]) => name === 'NODE' || name === 'ALERTMANAGER'))
    expect(dockerfile).toContain(`ARG ${name}_IMAGE=${image}\n`);
});

test('every image that the compose file runs is taken along', () => {
  const named = imagesOf(readFileSync(join(root, '.env'), 'utf8'), {}).map(({ variable }) => variable);
  const used = [...readFileSync(join(root, 'compose/compose.yaml'), 'utf8').matchAll(/image: \$\{([A-Z_]+)/g)];
  expect(named).toEqual(expect.arrayContaining(used.map(([, variable]) => variable)));
  expect(named).toContain('HAPROXY_IMAGE');
});

test('a file that changed on the way is noticed before anything is loaded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-bundle-'));
  writeFileSync(join(folder, 'images.tar'), 'images');
  writeFileSync(join(folder, 'load.sh'), loadScript.replace('docker load', 'echo loaded'));
  const sum = execFileSync('sha256sum', [join(folder, 'images.tar')], { encoding: 'utf8' }).split(' ')[0]!;
  writeFileSync(join(folder, 'SHA256SUMS'), renderSums({ 'images.tar': sum }));
  const load = () => spawnSync('sh', [join(folder, 'load.sh')], { encoding: 'utf8' });
  expect(load()).toMatchObject({ status: 0, stdout: expect.stringContaining('loaded -i images.tar') });
  writeFileSync(join(folder, 'images.tar'), 'other images');
  expect(load().status).not.toBe(0);
  expect(load().stdout).not.toContain('loaded');
  rmSync(folder, { recursive: true });
});
