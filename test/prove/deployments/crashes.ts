// Proof of crashes: the control plane, HAProxy and dockerd are killed at ten points of an update each, what is stated comes true, and meanwhile
// nothing is stated that is not so.
import { systemClock } from '../../../core/runtime/clock.ts';
import { application } from '../../web/server/deployments/rig.ts';
import { barred, type Figure, skipped, told, unmeasured } from '../figure.ts';
import { type Claims, watchClaims } from './claims.ts';
import { type CrashRig, startCrashRig } from './crash-rig.ts';

const shop = '/deployments/shop';
const points = 10;
/** An update takes some five seconds: the points lie before, within and just after. */
const secondsBetweenPoints = 0.5;
const convergedSecondsMax = 60;

export async function proveCrashes(progress: (line: string) => void): Promise<Figure[]> {
  progress('a control plane as a process of its own');
  const started = await startCrashRig();
  if (started.kind === 'absent') return [skipped('deployments.crash', started.reason)];
  const { rig } = started;
  try {
    await deploy(rig);
    const figures: Figure[] = [];
    const kills = {
      control_plane: rig.killControlPlane,
      ingress: rig.killIngress,
      // As long as whoever sees to it takes to notice.
      dockerd: () => rig.engine.crash(1),
    };
    for (const [name, kill] of Object.entries(kills)) {
      try {
        figures.push(...(await proveKill(rig, name, kill, progress)));
      } catch (error) {
        figures.push(unmeasured(`deployments.crash.${name}`, (error as Error).message));
      }
    }
    return figures;
  } finally {
    await rig.close();
  }
}

async function deploy(rig: CrashRig): Promise<void> {
  const spec = application('shop', 'app:1', { replicas: 2, warmSeconds: 0 });
  const begun = await rig.call('POST', '/deployments', spec);
  if (begun?.status !== 202) throw new Error(`nothing is deployed: ${begun?.text}`);
  const seen = await converged(rig);
  if (seen.seconds === undefined) throw new Error(`the application does not come up: ${seen.last}`);
}

async function proveKill(
  rig: CrashRig,
  name: string,
  kill: () => Promise<void>,
  progress: (line: string) => void,
): Promise<Figure[]> {
  let [slowest, converging, updated] = [0, 0, 0];
  const problems: string[] = [];
  const claims: Claims = { judged: 0, whileDown: 0, lies: [] };
  for (let point = 0; point < points; point++) {
    const before = (await rig.call('GET', shop))!.body.pinned as string;
    const image = before === rig.images['1'] ? 'app:2' : 'app:1';
    const begun = await rig.call('POST', `${shop}/revisions`, { image });
    if (begun?.status !== 202) throw new Error(`the update does not begin: ${begun?.text}`);
    const watching = watchClaims(rig);
    const seen = await systemClock
      .sleep(point * secondsBetweenPoints)
      .then(kill)
      .then(() => converged(rig))
      .finally(async () => add(claims, await watching.stop()));
    progress(
      `${name} at ${(point * secondsBetweenPoints).toFixed(1)} s: ${seen.seconds?.toFixed(1) ?? 'never'} s, ${seen.last}`,
    );
    if (seen.seconds === undefined) problems.push(`point ${point}: ${seen.last}`);
    else {
      converging += 1;
      slowest = Math.max(slowest, seen.seconds);
      const now = (await rig.call('GET', shop))!.body.pinned as string;
      const isNew = now === rig.images[image.slice(4)];
      updated += Number(isNew);
      if (isNew !== (seen.ended === 'done')) claims.lies.push(`the update is ${seen.ended}, ${now} serves`);
    }
  }
  const left = await servicesLeft(rig);
  const figure = barred(`deployments.crash.${name}_converged`, converging, '==', points);
  return [
    problems.length === 0 ? figure : { ...figure, reason: problems.join('; ').slice(0, 500) },
    barred(`deployments.crash.${name}_converged_seconds_max`, slowest, '<=', convergedSecondsMax, 's'),
    withReason(barred(`deployments.crash.${name}_false_claims`, claims.lies.length, '==', 0), claims.lies),
    barred(`deployments.crash.${name}_claims_judged`, claims.judged, '>=', 10 * points),
    // dockerd is held down for a second; HAProxy comes back by itself before a slow machine has looked twice.
    name === 'dockerd'
      ? barred(`deployments.crash.${name}_claims_while_down`, claims.whileDown, '>=', points)
      : told(`deployments.crash.${name}_claims_while_down`, claims.whileDown),
    barred(`deployments.crash.${name}_services_left`, left, '==', 1),
    told(`deployments.crash.${name}_ended_updated`, updated),
  ];
}

function add(to: Claims, { judged, whileDown, lies }: Claims): void {
  to.judged += judged;
  to.whileDown += whileDown;
  to.lies.push(...lies);
}

function withReason(figure: Figure, lies: readonly string[]): Figure {
  return lies.length === 0 ? figure : { ...figure, reason: [...new Set(lies)].join('; ').slice(0, 500) };
}

/** What nothing wants any more goes a while after the last update: its requests are let end first. */
async function servicesLeft({ engine }: CrashRig): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { text } = await engine.ask('GET', '/services');
    const { length } = JSON.parse(text) as unknown[];
    if (length === 1 || tries >= convergedSecondsMax) return length;
    await systemClock.sleep(1);
  }
}

interface Converged {
  seconds: number | undefined;
  /** How the update ended, as its operation says. */
  ended: string;
  last: string;
}

/** Until nothing goes on any more, the state is running, and a request is answered by the image that is stated to serve. */
async function converged(rig: CrashRig): Promise<Converged> {
  const began = performance.now();
  let last = '';
  while (performance.now() - began < convergedSecondsMax * 1_000) {
    const stated = (await rig.call('GET', shop))?.body;
    if (stated?.state === 'running') {
      const answer = await rig.answer('shop.test').catch(() => undefined);
      const again = (await rig.call('GET', shop))?.body;
      const steady = again?.state === 'running' && again.pinned === stated.pinned;
      const right = answer !== undefined && rig.images[answer] === stated.pinned;
      const ended = await endedAs(rig, stated.operation);
      last = `${stated.stable} answers ${answer}${ended === 'running' ? ', an operation goes on' : ''}`;
      if (steady && right && ended !== 'running') return { seconds: (performance.now() - began) / 1_000, ended, last };
    } else last = `${stated?.state ?? 'nobody answers'} ${stated?.reason ?? ''}`;
    await systemClock.sleep(0.3);
  }
  return { seconds: undefined, ended: 'unknown', last };
}

/** One that cannot be read counts as going on. */
async function endedAs(rig: CrashRig, operation: string): Promise<string> {
  const found = await rig.call('GET', `/operations/${operation}`);
  return found?.status === 200 ? (found.body.state as string) : 'running';
}
