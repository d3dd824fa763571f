// What a real engine does to replicas and containers, as metrics: one that is killed is counted, and one out of memory leaves a trace.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeploymentRig, startDeploymentRig } from './rig.ts';

let rig: DeploymentRig | undefined;
let reason = '';
const stop = new AbortController();
let running: Promise<void> | undefined;

beforeAll(async () => {
  const started = await startDeploymentRig();
  if (started.kind === 'absent') {
    reason = started.reason;
    return;
  }
  rig = started.rig;
  await rig.test.admin.call('POST', '/engine/swarm', { pool: '10.97.0.0/16', address: '127.0.0.1' });
  running = rig.test.plane.orchestration.run(stop.signal);
}, 240_000);
afterAll(async () => {
  stop.abort();
  await running;
  await rig?.close();
}, 90_000);

const of = (name: string, labels: string) => new RegExp(`^${name}\\{[^}]*${labels}[^}]*\\} (\\S+)$`, 'm');

/** The value of a series, once it is what it should be; as text, so that an absent one is told from 0. */
async function comes(series: RegExp, isRight: (value: string | undefined) => boolean, seconds: number): Promise<void> {
  let text = '';
  for (let tries = 0; tries < seconds * 2; tries++) {
    text = rig!.test.plane.orchestration.render();
    if (isRight(series.exec(text)?.[1])) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${series} did not come:\n${text}`);
}

const failed = of('odyssey_deployment_tasks_failed_total', 'deployment="worker"');
const replicas = of('odyssey_deployment_replicas_running', 'deployment="worker"');

test('a worker that nobody reaches from outside: replicas that die are counted, though no container is restarted', async (context) => {
  if (rig === undefined) return context.skip(reason);
  const spec = { name: 'worker', image: 'app:1', replicas: 2, limits: { memoryMegabytes: 128, cpus: 0.5 } };
  const made = await rig.operate('POST', '/deployments', spec);
  expect(made, JSON.stringify(made.steps, null, 1)).toMatchObject({ state: 'done' });
  await comes(replicas, (value) => value === '2', 60);
  await comes(failed, (value) => value === '0', 5);
  const filters = encodeURIComponent(JSON.stringify({ label: ['odyssey_deployment=worker'] }));
  for (const least of [1, 2]) {
    const { text } = await rig.engine.ask('GET', `/containers/json?filters=${filters}`);
    const [container] = JSON.parse(text) as { Id: string }[];
    await rig.engine.ask('POST', `/containers/${container!.Id}/kill`);
    await comes(failed, (value) => Number(value) >= least, 60);
  }
  await comes(replicas, (value) => value === '2', 90);
}, 400_000);

/** Within a second or so; an engine on cgroup v1 does not always tell of the memory before it tells of the end. */
const triesMax = 8;

test('a container that is killed as a whole for want of memory', async (context) => {
  if (rig === undefined) return context.skip(reason);
  const endless = 'const held = []; setInterval(() => held.push(Buffer.alloc(8e6, 1)), 20);';
  const series = of('odyssey_container_oom_timestamp_seconds', 'name="hungry"');
  for (let tries = 0; tries < triesMax && !series.test(rig.test.plane.orchestration.render()); tries++) {
    const created = await rig.engine.ask('POST', '/containers/create?name=hungry', {
      ...{ Image: 'app:1', Entrypoint: ['/node', '-e', endless], Cmd: [] },
      HostConfig: { Memory: 96 * 2 ** 20, MemorySwap: 96 * 2 ** 20, NetworkMode: 'none' },
    });
    const { Id } = JSON.parse(created.text) as { Id: string };
    await rig.engine.ask('POST', `/containers/${Id}/start`);
    await rig.engine.ask('POST', `/containers/${Id}/wait`);
    await comes(series, (value) => value !== undefined, 5).catch(() => undefined);
    await rig.engine.ask('DELETE', `/containers/${Id}?force=1`);
  }
  await comes(series, (value) => Number(value) > 1e9, 1);
  expect(rig.test.plane.orchestration.render()).toMatch(/^odyssey_container_oom_events_total [1-9]/m);
}, 240_000);
