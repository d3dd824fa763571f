// Proof of the ingress on a real engine: shares, counts, reloads, weights and networks under load, and what a kill -9 costs.
import { containerName } from '../../../web/server/ingress/container-spec.ts';
import { type SwarmRig, startSwarmRig, swarmRoute } from '../../web/server/ingress/swarm-rig.ts';
import { barred, type Figure, skipped, told, unmeasured } from '../figure.ts';
import { proveReceiver } from './receiver.ts';

const shares = [500, 1_000, 2_500, 5_000];
const requestsPerShare = 8_000;
const requestsUnderChange = 4_000;
const host = 'shop.test';
/** Some 500 requests a second: what a small shop has at its busiest. */
const steady = { host, connections: 16, pauseMilliseconds: 30 };

export async function proveIngress(progress: (line: string) => void): Promise<Figure[]> {
  progress('lines into the receiver');
  const receiver = await proveReceiver();
  progress('an engine with a swarm and HAProxy');
  const started = await startSwarmRig();
  if (started.kind === 'absent') return [...receiver, skipped('deployments.ingress', started.reason)];
  const { rig } = started;
  try {
    await rig.makeNetwork('env-e1');
    await rig.makeNetwork('env-e2');
    await rig.serve('shop-r1', 2);
    await rig.serve('shop-r2', 2);
    const up = await serve(rig);
    if (up !== undefined) return [...receiver, unmeasured('deployments.ingress', up)];
    const figures = [...receiver];
    for (const [what, prove] of Object.entries(parts)) {
      progress(what);
      figures.push(...(await prove(rig)));
    }
    return figures;
  } finally {
    await rig.close();
  }
}

const parts: Record<string, (rig: SwarmRig) => Promise<Figure[]>> = {
  'shares and counts': proveShares,
  'rollback as a map write': proveRollback,
  '10 reloads': proveReloads,
  '100 weight changes': proveWeights,
  'networks joined and left': proveNetworks,
  'kill -9': proveKill,
};

async function serve({ ingress }: SwarmRig): Promise<string | undefined> {
  const applied = await ingress.apply([swarmRoute()]);
  if (applied.kind !== 'applied') return applied.reason;
  for (const revision of ['r1', 'r2'])
    if ((await ingress.untilUp('shop', revision, 2, 60)) === undefined) return `${revision} has no two servers`;
  return undefined;
}

/** Per-version counts equal the client's exactly, as no connection is cut. */
async function proveShares(rig: SwarmRig): Promise<Figure[]> {
  const figures: Figure[] = [];
  let differing = 0;
  let failed = 0;
  await rig.ingress.setCanary('shop', 'r2');
  for (const share of shares) {
    await rig.ingress.setWeight('shop', share);
    const before = counted(rig);
    const result = await rig.load({ host, connections: 16, requests: requestsPerShare }).done;
    failed += result.failed;
    await settled(rig, before.total + result.total);
    const after = counted(rig);
    for (const revision of ['r1', 'r2'] as const)
      differing += Math.abs(after[revision] - before[revision] - (result.answers[revision] ?? 0));
    const measured = (100 * (result.answers['r2'] ?? 0)) / result.total;
    figures.push(told(`deployments.ingress.share_${share / 100}`, measured, '%'));
    figures.push(
      barred(`deployments.ingress.share_${share / 100}_off`, Math.abs(measured - share / 100), '<=', 2, 'points'),
    );
  }
  await rig.ingress.setWeight('shop', 0);
  await rig.ingress.setCanary('shop', undefined);
  return [
    ...figures,
    barred('deployments.ingress.share_failed', failed, '==', 0),
    barred('deployments.ingress.counts_differing', differing, '==', 0),
    barred('deployments.ingress.lines_malformed', rig.receiver.lines().malformed, '==', 0),
  ];
}

/** From the call to the answer that was read back from HAProxy. */
async function proveRollback(rig: SwarmRig): Promise<Figure[]> {
  const took: number[] = [];
  for (let at = 0; at < 40; at++) {
    const began = performance.now();
    const pointed = await rig.ingress.setStable('shop', at % 2 === 0 ? 'r2' : 'r1');
    if (pointed.kind === 'failed') return [unmeasured('deployments.ingress.rollback_warm_p95', pointed.reason)];
    took.push(performance.now() - began);
  }
  took.sort((left, right) => left - right);
  return [
    told('deployments.ingress.rollback_warm_p50', took[20]!, 'ms'),
    barred('deployments.ingress.rollback_warm_p95', took[38]!, '<=', 100, 'ms'),
  ];
}

/** Each adds a deployment or takes it away: a reload without a change is none. */
function proveReloads(rig: SwarmRig): Promise<Figure[]> {
  const extra = swarmRoute({ deployment: 'extra', stable: undefined });
  let reloads = 0;
  return underLoad(rig, 'reloads', async () => {
    for (let at = 0; at < 10; at++) {
      const applied = await rig.ingress.apply(at % 2 === 0 ? [swarmRoute(), extra] : [swarmRoute()]);
      if (applied.kind === 'applied' && applied.reloaded) reloads += 1;
      await pause(500);
    }
    return [barred('deployments.ingress.reloads', reloads, '==', 10)];
  });
}

function proveWeights(rig: SwarmRig): Promise<Figure[]> {
  return underLoad(rig, 'weights', async () => {
    await rig.ingress.setCanary('shop', 'r2');
    let read = 0;
    for (let at = 1; at <= 100; at++) {
      const pointed = await rig.ingress.setWeight('shop', at * 100);
      if (pointed.kind === 'pointed' && pointed.pointing.share === at * 100) read += 1;
      await pause(50);
    }
    await rig.ingress.setWeight('shop', 0);
    await rig.ingress.setCanary('shop', undefined);
    return [barred('deployments.ingress.weights_read_back', read, '==', 100)];
  });
}

function proveNetworks(rig: SwarmRig): Promise<Figure[]> {
  const blog = swarmRoute({ deployment: 'blog', network: 'env-e2', stable: undefined });
  return underLoad(rig, 'networks', async () => {
    let done = 0;
    for (let at = 0; at < 6; at++) {
      const applied = await rig.ingress.apply(at % 2 === 0 ? [swarmRoute(), blog] : [swarmRoute()]);
      if (applied.kind === 'applied') done += 1;
      await pause(800);
    }
    return [barred('deployments.ingress.networks_changed', done, '==', 6)];
  });
}

async function proveKill(rig: SwarmRig): Promise<Figure[]> {
  const { text } = await rig.engine.ask('GET', `/containers/${containerName}/json`);
  const loading = rig.load(steady);
  await pause(1_500);
  process.kill((JSON.parse(text) as { State: { Pid: number } }).State.Pid, 'SIGKILL');
  const began = performance.now();
  await pause(100);
  const back = await rig.ingress.untilUp('shop', 'r1', 2, 30);
  const seconds = back === undefined ? Number.NaN : (performance.now() - began) / 1000;
  await pause(500);
  loading.stop();
  const { failed, total } = await loading.done;
  const after = await rig.load({ host, connections: 16, requests: 500 }).done;
  return [
    barred('deployments.ingress.kill_back_seconds', seconds, '<=', 10, 's'),
    told('deployments.ingress.kill_failed', failed),
    told('deployments.ingress.kill_requests', total),
    barred('deployments.ingress.kill_failed_after', after.failed, '==', 0),
  ];
}

/** Changes while requests flow, until there were enough of both. */
async function underLoad(rig: SwarmRig, name: string, change: () => Promise<Figure[]>): Promise<Figure[]> {
  const before = counted(rig).total;
  const loading = rig.load(steady);
  const figures = await change();
  for (let waited = 0; counted(rig).total - before < requestsUnderChange + 200 && waited < 600; waited++)
    await pause(100);
  loading.stop();
  const { total, failed, failures } = await loading.done;
  await settled(rig, before + total);
  const failing = barred(`deployments.ingress.${name}_failed`, failed, '==', 0);
  return [
    ...figures,
    barred(`deployments.ingress.${name}_requests`, total, '>=', requestsUnderChange),
    told(`deployments.ingress.${name}_lines_missing`, total - (counted(rig).total - before)),
    failed === 0 ? failing : { ...failing, reason: failures.slice(0, 5).join('; ') },
  ];
}

function counted({ figures }: SwarmRig): { r1: number; r2: number; total: number } {
  const all = figures.all(() => 'e1').filter(({ deployment }) => deployment === 'shop');
  const of = (revision: string) => all.find((one) => one.revision === revision)?.requests['2xx'] ?? 0;
  return { r1: of('r1'), r2: of('r2'), total: of('r1') + of('r2') };
}

/** The last lines are on their way for a moment. */
async function settled(rig: SwarmRig, total: number): Promise<void> {
  for (let waited = 0; counted(rig).total < total && waited < 50; waited++) await pause(100);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
