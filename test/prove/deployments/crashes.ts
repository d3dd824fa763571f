// Proof of crashes: the control plane, HAProxy and dockerd are killed at ten points of an update each, and what is stated comes true.
import { systemClock } from '../../../core/runtime/clock.ts';
import { application } from '../../web/server/deployments/rig.ts';
import { barred, type Figure, skipped, told, unmeasured } from '../figure.ts';
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
      dockerd: rig.engine.crash,
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
  let [slowest, converging, lies, updated] = [0, 0, 0, 0];
  const problems: string[] = [];
  for (let point = 0; point < points; point++) {
    const before = (await rig.call('GET', shop))!.body.pinned as string;
    const image = before === rig.images['1'] ? 'app:2' : 'app:1';
    const begun = await rig.call('POST', `${shop}/revisions`, { image });
    if (begun?.status !== 202) throw new Error(`the update does not begin: ${begun?.text}`);
    await systemClock.sleep(point * secondsBetweenPoints);
    await kill();
    const seen = await converged(rig);
    lies += seen.lies;
    progress(
      `${name} at ${(point * secondsBetweenPoints).toFixed(1)} s: ${seen.seconds?.toFixed(1) ?? 'never'} s, ${seen.last}`,
    );
    if (seen.seconds === undefined) problems.push(`point ${point}: ${seen.last}`);
    else {
      converging += 1;
      slowest = Math.max(slowest, seen.seconds);
      const now = (await rig.call('GET', shop))!.body.pinned as string;
      updated += Number(now === rig.images[image.slice(4)]);
    }
  }
  const figure = barred(`deployments.crash.${name}_converged`, converging, '==', points);
  return [
    problems.length === 0 ? figure : { ...figure, reason: problems.join('; ').slice(0, 500) },
    barred(`deployments.crash.${name}_converged_seconds_max`, slowest, '<=', convergedSecondsMax, 's'),
    barred(`deployments.crash.${name}_false_claims`, lies, '==', 0),
    told(`deployments.crash.${name}_ended_updated`, updated),
  ];
}

/**
 * Until nothing goes on any more, the state is running, and a request is answered by the image that is stated to serve. A false claim is
 * a state `running` whose requests another image answers, asked again before and after so that a switch in between is none.
 */
async function converged(rig: CrashRig): Promise<{ seconds: number | undefined; lies: number; last: string }> {
  const began = performance.now();
  let [lies, last] = [0, ''];
  while (performance.now() - began < convergedSecondsMax * 1_000) {
    const stated = (await rig.call('GET', shop))?.body;
    if (stated?.state === 'running') {
      const answer = await rig.answer('shop.test').catch(() => undefined);
      const again = (await rig.call('GET', shop))?.body;
      const steady = again?.state === 'running' && again.pinned === stated.pinned;
      const right = answer !== undefined && rig.images[answer] === stated.pinned;
      if (steady && !right) lies += 1;
      const idle = await isIdle(rig, stated.operation);
      last = `${stated.stable} answers ${answer}${idle ? '' : ', an operation goes on'}`;
      if (steady && right && idle) return { seconds: (performance.now() - began) / 1_000, lies, last };
    } else last = `${stated?.state ?? 'nobody answers'} ${stated?.reason ?? ''}`;
    await systemClock.sleep(0.3);
  }
  return { seconds: undefined, lies, last };
}

async function isIdle(rig: CrashRig, operation: string): Promise<boolean> {
  const found = await rig.call('GET', `/operations/${operation}`);
  return found?.status === 200 && found.body.state !== 'running';
}
