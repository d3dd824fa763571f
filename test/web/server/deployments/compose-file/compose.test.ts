// What of a compose file is taken, and that everything else is refused by its name.
import { describe, expect, test } from 'vitest';
import { readCompose } from '../../../../../web/server/deployments/compose-file/compose.ts';
import { readComposeText } from '../../../../../web/server/deployments/compose-file/text.ts';

function read(text: string) {
  const reading = readCompose(readComposeText(text));
  if (reading.kind === 'refused') throw new Error(reading.problems.join('\n'));
  return reading.composed;
}

test('a whole service becomes a deployment', () => {
  const { deployments, volumes, secrets, warnings } = read(`
services:
  shop:
    image: registry.example/shop:1.4
    command: ["serve", "--fast"]
    environment: { COLOUR: blue, WORKERS: 4 }
    expose: ["8080"]
    healthcheck: { test: ["CMD", "/bin/check"], interval: 1m30s, start_interval: 300ms, retries: 5 }
    mem_limit: 1g
    cpus: "1.5"
    restart: unless-stopped
    secrets: [db-password, { source: key, target: tls.key, mode: 256 }]
    volumes: ["files:/data:ro", { type: tmpfs, target: /tmp, tmpfs: { size: 10m } }]
    stop_grace_period: 30s
    deploy: { replicas: 1, placement: { constraints: ["node.labels.disk==fast"] } }
    x-odyssey: { hosts: [shop.example.org], health_path: /healthz }
volumes: { files: {} }
secrets: { db-password: { external: true }, key: { external: true } }
`);
  expect(deployments).toMatchObject([
    {
      ...{ name: 'shop', image: 'registry.example/shop:1.4', args: ['serve', '--fast'], port: 8080 },
      env: { COLOUR: 'blue', WORKERS: '4' },
      healthCheck: { command: ['/bin/check'], intervalSeconds: 90, startIntervalSeconds: 0.3, retries: 5 },
      limits: { memoryMegabytes: 1_024, cpus: 1.5 },
      secrets: [{ name: 'db-password' }, { name: 'key', file: 'tls.key', mode: 0o400 }],
      volumes: [{ name: 'vol-files', path: '/data', readOnly: true }],
      memoryFolders: [{ path: '/tmp', megabytes: 10 }],
      ...{ stopGraceSeconds: 30, replicas: 1, hosts: ['shop.example.org'], healthPath: '/healthz' },
      ...{ placement: { constraints: ['node.labels.disk==fast'] }, restart: { condition: 'any' } },
    },
  ]);
  expect({ volumes, secrets }).toEqual({ volumes: ['vol-files'], secrets: ['db-password', 'key'] });
  expect(warnings).toEqual(['services.shop.restart: unless-stopped is taken as any.']);
});

describe('is refused by its name:', () => {
  test.each([
    { key: 'privileged: true', says: 'services.a.privileged is not supported.' },
    { key: 'ports: ["80:80"]', says: 'services.a.ports is not supported.' },
    { key: 'build: .', says: 'services.a.build is not supported.' },
    { key: 'network_mode: host', says: 'services.a.network_mode is not supported.' },
    { key: 'deploy: { mode: global }', says: 'services.a.deploy.mode is not supported.' },
    { key: 'volumes: ["/:/host"]', says: 'folders of the host are not mounted' },
    { key: 'volumes: ["../x:/data"]', says: 'folders of the host are not mounted' },
    { key: 'environment: ["HOME"]', says: 'give a value' },
    { key: 'environment: { A: "${B}" }', says: 'variables ($…) are not supported' },
    { key: 'healthcheck: { test: [curl, x] }', says: 'healthcheck.test' },
    { key: 'command: ["sh", "-c", "echo $HOME"]', says: 'services.a.command.2: variables ($…) are not supported' },
    { key: `command: sh -c "echo hi"`, says: 'services.a.command: quotes' },
    { key: 'tmpfs: "/run:mode=1777,size=16m"', says: 'services.a.tmpfs: /run:mode=1777' },
    { key: 'volumes: [{ type: tmpfs, target: /t, source: data }]', says: 'mixes a volume with a folder in memory' },
    { key: 'volumes: [{ type: volume, target: /t, source: d, tmpfs: { size: 1m } }]', says: 'mixes a volume' },
    { key: 'secrets: [key]', says: 'secrets: key is used and not declared.' },
    { key: 'volumes: ["data:/d"]', says: 'volumes: data is used and not declared.' },
  ])('$key', ({ key, says }) => {
    const reading = readCompose(readComposeText(`services:\n  a:\n    image: a:1\n    ${key}\n`));
    expect(reading.kind === 'refused' ? reading.problems.join('\n') : 'taken').toContain(says);
  });

  test('a top-level key', () => {
    const reading = readCompose(readComposeText('services: { a: { image: "a:1" } }\nnetworks: { b: {} }\n'));
    expect(reading).toEqual({ kind: 'refused', problems: ['networks is not supported.'] });
  });
});

test('two names that would be one, and a host that two ask for', () => {
  const reading = readCompose(
    readComposeText(`
services:
  a: { image: "a:1", expose: ["80"], x-odyssey: { hosts: [shop.test] } }
  b: { image: "a:1", expose: ["80"], x-odyssey: { hosts: [shop.test] } }
volumes: { my_data: {}, my-data: {} }
`),
  );
  expect(reading).toEqual({
    kind: 'refused',
    problems: [
      'volumes: my_data and my-data would both be vol-my-data; call one of them otherwise.',
      'x-odyssey.hosts: shop.test is asked for twice.',
    ],
  });
});

test('dollar signs, folders in memory and a check that is switched off are taken as they are meant', () => {
  const { deployments, warnings } = read(`
name: project
services:
  a:
    image: a:1
    command: serve --price $$5
    environment: { PRICE: "$$HOME" }
    tmpfs: ["/run:size=16m", /tmp]
    healthcheck: { test: ["NONE"] }
`);
  expect(deployments[0]).toMatchObject({
    args: ['serve', '--price', '$5'],
    env: { PRICE: '$HOME' },
    memoryFolders: [
      { path: '/run', megabytes: 16 },
      { path: '/tmp', megabytes: 64 },
    ],
  });
  expect(deployments[0]).not.toHaveProperty('healthCheck');
  expect(warnings).toEqual([expect.stringContaining('name is not used')]);
});

test.each([
  { given: 'no YAML', text: 'services: [' },
  { given: 'a key twice', text: 'services: {}\nservices: {}\n' },
  {
    given: 'aliases that grow',
    text: `a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [${'*b,'.repeat(60)}*b]\n`,
  },
])('$given is told as such', ({ text }) => {
  expect(() => readComposeText(text)).toThrow(/YAML/);
});
