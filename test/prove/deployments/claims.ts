// Holds what the API says against what is so, again and again while something is down and comes back: how often it said what was not true.
import { connect } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../../core/runtime/clock.ts';
import type { CrashRig } from './crash-rig.ts';

const shop = '/deployments/shop';
/** A request of its own process takes some tenths of a second: beside those it is looked more often without one. */
const looks = [
  { requests: true, everySeconds: 0.15 },
  { requests: false, everySeconds: 0.05 },
];
const pingSeconds = 1;

export interface Claims {
  /** Answers that were held against what was so. */
  judged: number;
  /** Of these, answers that were given while the engine, or the way in, was down for all of the time that they took. */
  whileDown: number;
  lies: string[];
}

/** What is so, asked past Odyssey: of the engine itself, of HAProxy's socket, and by a request through HAProxy. */
interface Truth {
  engine: 'up' | 'down' | 'unclear';
  ingress: 'up' | 'down';
  /** When HAProxy was started last: between two looks it may have come and gone. Undefined where the engine does not say. */
  started: string | undefined;
  /** Images of running tasks by revision, `r1 sha256:…`; undefined where the engine does not say. */
  running: string[] | undefined;
  /** The image that answers a request, or none; undefined where it was not tried. */
  answering: string | 'none' | undefined;
}

interface Stated {
  state: string;
  pinned: string;
  stable: string | null;
  replicas: { running: number | null };
  runningImages: string[] | null;
}

/** Looks until it is stopped. */
export function watchClaims(rig: CrashRig): { stop(): Promise<Claims> } {
  const claims: Claims = { judged: 0, whileDown: 0, lies: [] };
  let going = true;
  const watching = looks.map(async ({ requests, everySeconds }) => {
    for (let before = await truthOf(rig, requests); going; ) {
      const said = (await rig.call('GET', shop)) as { status: number; body: Stated } | undefined;
      const after = await truthOf(rig, requests);
      if (said?.status === 200) judge(claims, said.body, before, after);
      before = after;
      await systemClock.sleep(everySeconds);
    }
  });
  return {
    async stop() {
      going = false;
      await Promise.all(watching);
      return claims;
    },
  };
}

/** Only what was so before the answer and still is after it can make it untrue: what changed in between proves nothing. */
function judge(claims: Claims, said: Stated, before: Truth, after: Truth): void {
  claims.judged += 1;
  const down = before.engine === 'down' && after.engine === 'down';
  const same = before.started !== undefined && before.started === after.started;
  const shut = same && before.ingress === 'down' && after.ingress === 'down';
  const answering = same && before.answering === after.answering ? after.answering : undefined;
  if (down || shut) claims.whileDown += 1;
  const lie = (what: string) => claims.lies.push(`${said.state}: ${what}`);
  if (down && said.state !== 'unknown') lie('the engine was down');
  if (down && said.replicas.running !== null)
    lie(`${said.replicas.running} replicas counted of an engine that was down`);
  if (said.state === 'running' && shut) lie('HAProxy was down');
  if (said.state === 'running' && answering !== undefined && answering !== said.pinned)
    lie(`${said.pinned} stated, ${answering} answered`);
  if (down && said.runningImages !== null) lie('images told of an engine that was down');
  const steady = before.running !== undefined && before.running.join() === after.running?.join();
  if (!steady || said.replicas.running === null || said.runningImages === null) return;
  const own = before.running!.filter((one) => one.startsWith(`${said.stable} `));
  if (own.length !== said.replicas.running) lie(`${said.replicas.running} replicas stated, ${own.length} run`);
  const images = [...new Set(own.map((one) => one.split(' ')[1]!))].sort();
  if (images.join() !== said.runningImages.join()) lie(`${said.runningImages} stated, ${images} run`);
}

async function truthOf(rig: CrashRig, requests: boolean): Promise<Truth> {
  const [engine, ingress, started, running, answering] = await Promise.all([
    pinged(rig),
    connected(rig),
    startOf(rig).catch(() => undefined),
    runningTasks(rig).catch(() => undefined),
    requests ? answeredBy(rig) : undefined,
  ]);
  return { engine, ingress, started, running, answering };
}

async function answeredBy(rig: CrashRig): Promise<string> {
  const answer = await rig.answer('shop.test').catch(() => undefined);
  return (answer === undefined ? undefined : rig.images[answer]) ?? 'none';
}

async function startOf({ engine }: CrashRig): Promise<string | undefined> {
  const { status, text } = await engine.ask('GET', '/containers/odyssey-haproxy/json');
  return status === 200 ? (JSON.parse(text) as { State: { StartedAt: string } }).State.StartedAt : undefined;
}

/** Its socket lies in the data folder: nobody takes the connection while it is dead. */
function connected({ data }: CrashRig): Promise<Truth['ingress']> {
  return new Promise((resolve) => {
    const socket = connect(join(data, 'run/haproxy/admin.sock'));
    const end = (found: Truth['ingress']) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end('up'));
    socket.once('error', () => end('down'));
  });
}

async function pinged({ engine }: CrashRig): Promise<Truth['engine']> {
  const asked = engine.ask('GET', '/_ping').then(
    ({ status }) => (status === 200 ? ('up' as const) : ('unclear' as const)),
    () => 'down' as const,
  );
  return Promise.race([asked, systemClock.sleep(pingSeconds).then(() => 'unclear' as const)]);
}

interface EngineTask {
  DesiredState: string;
  Status: { State: string };
  Spec: { ContainerSpec: { Image: string; Labels?: Record<string, string> } };
}

async function runningTasks({ engine }: CrashRig): Promise<string[] | undefined> {
  const { status, text } = await engine.ask('GET', '/tasks');
  if (status !== 200) return undefined;
  return (JSON.parse(text) as EngineTask[])
    .filter(({ DesiredState, Status }) => DesiredState === 'running' && Status.State === 'running')
    .map(({ Spec: { ContainerSpec } }) => `${ContainerSpec.Labels?.['odyssey_revision']} ${ContainerSpec.Image}`)
    .sort();
}
