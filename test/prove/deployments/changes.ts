// Proof of changes under load: updates, rollbacks, scaling, secrets, networks and a killed task, with no request lost.

import type { Operation, OperationStep } from '../../../core/contracts/deployments.ts';
import { systemClock } from '../../../core/runtime/clock.ts';
import { application, type DeploymentRig } from '../../web/server/deployments/rig.ts';
import type { LoadResult } from '../../web/server/ingress/loader/start.ts';
import { barred, type Figure, told, unmeasured } from '../figure.ts';

type Ended = Operation & { steps: OperationStep[] };

const shop = '/deployments/shop';
const requestsMin = 4_000;
/** What a small shop has at its busiest. */
const steady = { host: 'shop.test', connections: 16, pauseMilliseconds: 30 };
/** The engine's checks cost half a second of a core each minute; HAProxy asks every second anyway. */
const seldom = { intervalSeconds: 30 };

export async function proveChanges(rig: DeploymentRig, progress: (line: string) => void): Promise<Figure[]> {
  const spec = application('shop', 'app:1', {
    replicas: 2,
    secrets: [{ name: 'db-password' }],
    env: { SECRET_FILE: 'db-password' },
  });
  await rig.call('POST', '/secrets', { name: 'db-password', value: { text: 'first-value' }, deployments: ['shop'] });
  const made = await rig.operate('POST', '/deployments', { ...spec, healthCheck: { ...spec.healthCheck, ...seldom } });
  if (made.state !== 'done') throw new Error(`the application is not deployed: ${made.outcome}`);
  const figures: Figure[] = [told('deployments.create_seconds', secondsOf(made), 's')];
  for (const [name, change] of Object.entries(changes)) {
    progress(`${name} under load`);
    figures.push(...(await underLoad(rig, name, change)));
  }
  progress('rollback to a revision that is not kept warm');
  const cold = await proveCold(rig).catch((error: Error) => [unmeasured('deployments.rollback_cold', error.message)]);
  return [...figures, ...cold];
}

/** What each change is, and what came of it besides the load. */
const changes: Record<string, (rig: DeploymentRig) => Promise<Figure[]>> = {
  async update(rig) {
    const ended = await done(rig, 'POST', `${shop}/revisions`, { image: 'app:2' });
    const { body } = await rig.call('GET', shop);
    const right = body.runningImages.join() === rig.images['2'] && body.stable === 'r2' && body.routing.stable === 'r2';
    return [
      told('deployments.update_seconds', secondsOf(ended), 's'),
      barred('deployments.update_read_back', Number(right), '==', 1),
    ];
  },
  async rollback(rig) {
    const ended = await done(rig, 'POST', `${shop}/rollback`, {});
    const { body } = await rig.call('GET', shop);
    const right = body.runningImages.join() === rig.images['1'] && body.stable === 'r1' && body.routing.stable === 'r1';
    return [
      barred('deployments.rollback_warm_milliseconds', 1_000 * effectSeconds(ended), '<=', 100, 'ms'),
      barred('deployments.rollback_read_back', Number(right), '==', 1),
    ];
  },
  async scale(rig) {
    const up = await done(rig, 'POST', `${shop}/scale`, { replicas: 6 });
    const { body } = await rig.call('GET', shop);
    const reached = body.routing.backends.find(({ revision }: { revision: string }) => revision === 'r1').serversUp;
    await done(rig, 'POST', `${shop}/scale`, { replicas: 2 });
    return [
      told('deployments.scale_up_seconds', secondsOf(up), 's'),
      barred('deployments.scale_servers_up', reached, '==', 6),
    ];
  },
  async restart(rig) {
    return [told('deployments.restart_seconds', secondsOf(await done(rig, 'POST', `${shop}/restart`)), 's')];
  },
  async secret_rotation(rig) {
    const before = performance.now();
    const rotated = await rig.call('POST', '/secrets/db-password/versions', { value: { text: 'second-value' } });
    await until(async () => (await rig.call('GET', '/secrets/db-password')).body.rotation?.phase === 'done', 90);
    return [
      barred('deployments.secret_rotation_accepted', rotated.status, '<=', 202),
      told('deployments.secret_rotation_seconds', (performance.now() - before) / 1_000, 's'),
    ];
  },
  async network_attach(rig) {
    const made = await rig.call('POST', '/networks', { name: 'side' });
    const attached = await rig.call('PUT', '/networks/side/deployments/shop', {});
    return [barred('deployments.network_attach_status', Math.max(made.status, attached.status), '<=', 202)];
  },
  async task_kill(rig) {
    const { body } = await rig.call('GET', shop);
    // One that requests go to: what is kept warm besides has none.
    const victim = body.tasks.find(
      (one: { state: string; revision: string }) => one.state === 'running' && one.revision === body.stable,
    );
    const { text } = await rig.engine.ask('GET', `/containers/${victim.container}/json`);
    const began = performance.now();
    process.kill(JSON.parse(text).State.Pid, 'SIGKILL');
    await until(async () => {
      const now = (await rig.call('GET', shop)).body;
      return (
        now.state === 'running' &&
        !now.tasks.some((one: { task: string; state: string }) => one.task === victim.task && one.state === 'running')
      );
    }, 60);
    return [told('deployments.task_kill_replaced_seconds', (performance.now() - began) / 1_000, 's')];
  },
};

/** The change in the middle of the load, which goes on until there were enough requests. */
async function underLoad(
  rig: DeploymentRig,
  name: string,
  change: (rig: DeploymentRig) => Promise<Figure[]>,
): Promise<Figure[]> {
  const began = performance.now();
  const load = rig.load(steady);
  await systemClock.sleep(2);
  const figures = await change(rig).catch((error: Error) => [unmeasured(`deployments.${name}`, error.message)]);
  // Some 350 requests a second on two shared cores; the count below says what it was.
  await systemClock.sleep(Math.max(3, 16 - (performance.now() - began) / 1_000));
  load.stop();
  let result = await load.done;
  while (result.total < requestsMin)
    result = sum(result, await rig.load({ ...steady, requests: requestsMin - result.total }).done);
  const failed = barred(`deployments.${name}_failed`, result.failed, '==', 0);
  return [
    result.failed === 0 ? failed : { ...failed, reason: [...new Set(result.failures)].slice(0, 3).join('; ') },
    barred(`deployments.${name}_requests`, result.total, '>=', requestsMin),
    ...figures,
  ];
}

function sum(a: LoadResult, b: LoadResult): LoadResult {
  return { ...a, total: a.total + b.total, failed: a.failed + b.failed, failures: [...a.failures, ...b.failures] };
}

/** Nothing is kept warm for it: the revision before is gone from the engine when somebody wants it back. */
async function proveCold(rig: DeploymentRig): Promise<Figure[]> {
  await rig.call('PATCH', shop, { warmSeconds: 0 });
  await done(rig, 'POST', `${shop}/revisions`, { image: 'app:3' });
  await until(async () => {
    await rig.test.plane.orchestration.look();
    const { text } = await rig.engine.ask('GET', '/services');
    return (JSON.parse(text) as unknown[]).length === 1;
  }, 60);
  const ended = await done(rig, 'POST', `${shop}/rollback`, {});
  const { body } = await rig.call('GET', shop);
  const right = body.runningImages.join() === rig.images['1'] && body.state === 'running';
  return [
    barred('deployments.rollback_cold_seconds', effectSeconds(ended), '<=', 10, 's'),
    barred('deployments.rollback_cold_read_back', Number(right), '==', 1),
  ];
}

async function done(rig: DeploymentRig, method: string, path: string, body?: unknown): Promise<Ended> {
  const ended = await rig.operate(method, path, body);
  if (ended.state !== 'done') throw new Error(`${path}: ${ended.outcome}`);
  return ended;
}

async function until(holds: () => Promise<boolean>, seconds: number): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > seconds * 1_000) throw new Error(`not within ${seconds} s`);
    await systemClock.sleep(0.3);
  }
}

function secondsOf({ started, ended }: Ended): number {
  return ended! - started;
}

/** From the call to the moment when HAProxy had said that requests go there. */
function effectSeconds({ started, steps }: Ended): number {
  return steps.find(({ step, kind }) => step === 'switch' && kind === 'done')!.time - started;
}
