// What the pictures show where an engine can be had: an application with its revisions, whose newest one leaks memory, one that was refused,
// containers beside them, a secret, a volume, a network, and two hours of history.
import { DatabaseSync } from 'node:sqlite';
import type { Container } from '../../../core/contracts/containers.ts';
import type { Operation } from '../../../core/contracts/deployments.ts';
import { systemClock } from '../../../core/runtime/clock.ts';
import { dataFiles } from '../../../web/server/data-files.ts';
import type { Overview } from '../../../web/server/watch/overview.ts';
import { until } from '../../detectors/on-history/stack.ts';
import { engines } from '../../engines.ts';
import { application } from '../../web/server/deployments/rig.ts';
import type { Answer, Caller } from '../../web/server/plane.ts';
import { type EngineConsole, startEngineConsole } from '../engine-console.ts';
import { instance, lastingName, type Member, memberOf, type Scene } from '../world-scene.ts';
import { startHistory } from './history.ts';

export interface Stage {
  console: EngineConsole;
  /** Addresses of what is there now. */
  paths: string[];
}

const operationSecondsMax = 120;

/** Throws when something that the pictures are to show does not come about. */
export async function setStage(
  progress: (line: string) => void,
): Promise<{ kind: 'stage'; stage: Stage } | { kind: 'absent'; reason: string }> {
  const started = await startEngineConsole('scripted');
  if (started.kind === 'absent') return started;
  const { it } = started.console;
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await it.admin.call(method, `/environments/${it.defaultEnvironment}${path}`, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  const ends: (() => Promise<void>)[] = [started.console.close];
  const close = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    await it.admin.call('POST', '/engine/swarm', { pool: '10.97.0.0/16', address: '127.0.0.1' });
    progress('something to look at: two applications, eight containers, a secret, a volume, a network');
    await runBeside(started.console);
    const paths = await fill(call);
    const now = Date.now() / 1000;
    const { control: database } = dataFiles(it.folder);
    for (const [deployment, number, seconds] of aged) age(database, deployment, number, seconds);
    const scene = await sceneOf(it.admin, now);
    const [engine] = engines;
    const history = engine && (await startHistory(engine, scene));
    if (history) ends.push(history.close);
    progress(
      history ? 'with two hours of history in a Prometheus' : 'without Prometheus: histories are told, not kept',
    );
    it.world.play(scene, history?.url);
    await until(60, 'the overview knows everything', async () =>
      isKnown((await it.admin.call('GET', '/overview')).body),
    );
    const console = { ...started.console, close };
    return { kind: 'stage', stage: { console, paths: [...paths, ...(await containerOf(it.admin))] } };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nothing is pictured while a busy machine still lets parts wait for their first answer. */
function isKnown({ nodes, targets, alerts, anomalies }: Overview): boolean {
  const parts = [nodes, targets, alerts, ...anomalies.detectors];
  return parts.every(({ state }) => state === 'known');
}

const leakSeconds = 1_500;
const revisedSeconds = 2_880;
/** How long ago each revision is said to have come. */
const aged = [
  ['shop', 1, 93_600],
  ['shop', 2, revisedSeconds],
  ['mailer', 1, 190_000],
  ['mailer', 2, 9_000],
] as const;

function age(database: string, deployment: string, revision: number, seconds: number): void {
  const db = new DatabaseSync(database);
  const of = 'WHERE deployment = ? AND revision = ?';
  db.prepare(`UPDATE operation_steps SET time = time - ? WHERE operation IN (SELECT id FROM operations ${of})`).run(
    ...[seconds, deployment, revision],
  );
  db.prepare(`UPDATE operations SET started = started - ?, ended = ended - ? ${of}`).run(
    ...[seconds, seconds, deployment, revision],
  );
  db.prepare('UPDATE revisions SET created = created - ? WHERE deployment = ? AND number = ?').run(
    ...[seconds, deployment, revision],
  );
  db.close();
}

/** What is on the machine beside deployments, as somebody's compose file would have it. */
const others = [
  ...['postgres:17', 'redis:8', 'worker:4', 'worker:4', 'search:2', 'queue:3'],
  ...['metrics-gateway:1', 'inference:0.9'],
];

/** They do nothing: what they use is told. */
async function runBeside({ engine }: EngineConsole): Promise<void> {
  const must = async (path: string, body?: unknown): Promise<string> => {
    const { status, text } = await engine.ask('POST', path, body);
    if (status >= 400) throw new Error(`${path}: ${status} ${text}`);
    return text;
  };
  for (const [place, image] of others.entries()) {
    const [repo, tag] = image.split(':') as [string, string];
    const name = repo === 'worker' ? `worker-${place - 1}` : repo;
    await must(`/images/app:1/tag?repo=${repo}&tag=${tag}`);
    const { Id } = JSON.parse(
      await must(`/containers/create?name=${name}`, {
        ...{ Image: image, Cmd: ['-e', 'setInterval(() => {}, 1e6)'], HostConfig: { NetworkMode: 'none' } },
        Labels: { 'com.docker.compose.project': 'data', 'com.docker.compose.service': repo },
      }),
    ) as { Id: string };
    await must(`/containers/${Id}/start`);
  }
}

/** The containers of the engine as they are, and the newest revision of the shop with its leak: each replica less than the one before. */
async function sceneOf(admin: Caller, now: number): Promise<Scene> {
  const { items } = (await admin.call('GET', '/containers')).body as { items: Container[] };
  const there = items.filter(({ name, state }) => state === 'running' && !/^shop-r1\.[23]/.test(name));
  const containers = there.flatMap((one) => {
    const actor = actorOf(one, now);
    // Of the revision before, one replica is kept warm, and the others have ended.
    return actor.until === undefined ? [actor] : [actor, ...[2, 3].map((slot) => endedOf(actor, slot))];
  });
  return { began: now - leakSeconds, containers, troubles: false };
}

function endedOf(actor: Member, slot: number): Member {
  return { ...actor, id: `${slot}`, name: actor.name.replace(/\.\d+\./, `.${slot}.`), ended: true };
}

function actorOf({ id, name, environment, deployment, revision }: Container, now: number): Member {
  const part = { environment: environment ?? undefined, deployment: deployment ?? undefined };
  const one = { ...memberOf(id, name, deployment === 'shop' ? 'shop-api' : (deployment ?? name)), ...part };
  const placed = { ...one, revision: revision ?? undefined, answers: deployment !== null };
  if (deployment !== 'shop') return placed;
  if (revision === 'r1') return { ...placed, until: now - revisedSeconds };
  const slot = Number(/\.(\d+)\./.exec(name)?.[1] ?? 1);
  return { ...placed, since: now - revisedSeconds + 12, leak: [1, 0.62, 0.35][slot - 1] ?? 0.3 };
}

/** The application with something to say, so that the pictures of logs have lines. */
const talking = `const say = (level, msg) => console.log(JSON.stringify({ level, msg }));
  let n = 0;
  setInterval(() => say(++n % 9 === 0 ? 'warn' : 'info', n % 9 === 0 ? 'slow answer of the payment service' : 'order ' + (4000 + n) + ' is paid'), 400);
  import('/app/server.mjs')`;

type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

async function fill(call: Call): Promise<string[]> {
  const operate = async (path: string, body: unknown) => ended(call, (await call('POST', path, body)).body.operation);
  await call('POST', '/secrets', { name: 'db-password', value: { text: 'for the pictures' }, deployments: ['shop'] });
  await call('POST', '/volumes', { name: 'vol-uploads' });
  await call('POST', '/networks', { name: 'payments' });
  const secrets = [{ name: 'db-password' }];
  const limits = { memoryMegabytes: 2_048, cpus: 2 };
  await operate('/deployments', application('shop', 'app:1', { replicas: 3, secrets, limits, args: ['-e', talking] }));
  await operate(
    '/deployments',
    application('mailer', 'app:1', { volumes: [{ name: 'vol-uploads', path: '/uploads' }] }),
  );
  await operate('/deployments/shop/revisions', { image: 'app:2', env: { COLOUR: 'blue' } });
  // Refused by its own health check, so that the pictures have a change that went back by itself.
  await operate('/deployments/mailer/revisions', {
    image: 'app:2',
    env: { HEALTH: 'bad' },
    args: ['-e', 'process.exit(7)'],
  });
  const tabs = [
    '',
    '?tab=charts',
    '?tab=revisions',
    '?tab=log',
    '?tab=health',
    '?tab=events',
    '?tab=history',
    '?tab=settings',
  ];
  return [
    ...tabs.map((tab) => `/deployments/shop${tab}`),
    ...['/deployments/mailer', '/deployments/mailer?tab=history', '/deployments/shop/update'],
  ];
}

async function containerOf(admin: Caller): Promise<string[]> {
  const { items } = (await admin.call('GET', '/containers')).body as { items: Container[] };
  const { id, name, deployment, revision } = items.find((one) => one.name.startsWith('shop-r2.1.'))!;
  const labels = { instance, name: lastingName(name), deployment, revision, metric: 'memory' };
  return [
    ...['', '?tab=charts', '?tab=log', '?tab=health'].map((tab) => `/containers/${id}${tab}`),
    `/anomalies/series?detector=container&labels=${encodeURIComponent(JSON.stringify(labels))}`,
  ];
}

async function ended(call: Call, operation: string): Promise<Operation> {
  for (let tries = 0; tries < operationSecondsMax * 2; tries++) {
    const { body } = await call('GET', `/operations/${operation}`);
    if (body.state !== 'running') return body;
    await systemClock.sleep(0.5);
  }
  throw new Error(`the operation ${operation} has not ended in ${operationSecondsMax} s`);
}
