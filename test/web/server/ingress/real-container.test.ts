// HAProxy as a container made through the broker on a real engine: it serves a swarm's services, and comes back when it is killed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SwarmRig, startSwarmRig, swarmRoute } from './swarm-rig.ts';

let rig: SwarmRig | undefined;
let reason = '';

beforeAll(async () => {
  const started = await startSwarmRig();
  if (started.kind === 'absent') {
    reason = started.reason;
    return;
  }
  rig = started.rig;
  await rig.makeNetwork('env-e1');
  await rig.serve('shop-r1', 2);
  await rig.serve('shop-r2', 1);
}, 240_000);
afterAll(() => rig?.close(), 60_000);

test('the first routes make the container with few rights, on the network of its environment', async (context) => {
  if (rig === undefined) return context.skip(reason);
  const applied = await rig.ingress.apply([swarmRoute()]);
  expect(applied).toMatchObject({ kind: 'applied', reading: { current: true } });
  expect(await rig.ingress.untilUp('shop', 'r1', 2, 30)).toMatchObject({ serversUp: 2, down: [] });
  expect(await rig.ingress.untilUp('shop', 'r2', 1, 30)).toMatchObject({ serversUp: 1 });
  const { text } = await rig.engine.ask('GET', '/containers/odyssey-haproxy/json');
  expect(JSON.parse(text)).toMatchObject({
    Config: { User: `${process.getuid!()}:${process.getgid!()}` },
    HostConfig: {
      CapDrop: ['ALL'],
      Privileged: false,
      ReadonlyRootfs: true,
      RestartPolicy: { Name: 'always' },
      PortBindings: { '8404/tcp': [{ HostIp: '127.0.0.1' }] },
    },
    NetworkSettings: { Networks: { bridge: {}, 'env-e1': {} } },
  });
  const { answers, failed } = await rig.load({ host: 'shop.test', connections: 8, requests: 200 }).done;
  expect({ answers, failed }).toEqual({ answers: { r1: 200 }, failed: 0 });
  expect(await rig.ingress.apply([swarmRoute()])).toMatchObject({ kind: 'applied', reloaded: false });
}, 90_000);

test('an environment is joined and left under load without a failed request', async (context) => {
  if (rig === undefined) return context.skip(reason);
  const other = { deployment: 'blog', network: 'env-e2', stable: undefined };
  await rig.makeNetwork('env-e2');
  const loading = rig.load({ host: 'shop.test', connections: 8, pauseMilliseconds: 20 });
  await more(rig, 100);
  expect(await rig.ingress.apply([swarmRoute(), swarmRoute(other)])).toMatchObject({ reloaded: true });
  expect(await networks(rig)).toEqual(['bridge', 'env-e1', 'env-e2']);
  expect(await rig.ingress.setCanary('shop', 'r2')).toMatchObject({ kind: 'pointed' });
  expect(await rig.ingress.setWeight('shop', 5_000)).toMatchObject({ kind: 'pointed' });
  expect(await rig.ingress.apply([swarmRoute({ canary: { revision: 'r2', share: 5_000 } })])).toMatchObject({
    kind: 'applied',
  });
  expect(await networks(rig)).toEqual(['bridge', 'env-e1']);
  await more(rig, 100);
  loading.stop();
  const { failures, total, answers } = await loading.done;
  expect(failures).toEqual([]);
  expect(total).toBeGreaterThan(200);
  expect(answers['r2']).toBeGreaterThan(0);
}, 90_000);

test('killed with -9 it comes back by itself, with the shares that its files say', async (context) => {
  if (rig === undefined) return context.skip(reason);
  const { text } = await rig.engine.ask('GET', '/containers/odyssey-haproxy/json');
  process.kill(JSON.parse(text).State.Pid, 'SIGKILL');
  await expect.poll(async () => (await rig!.ingress.read()).kind, { timeout: 20_000 }).toBe('serving');
  expect(await rig.ingress.untilUp('shop', 'r1', 2, 20)).toBeDefined();
  const { failed, answers } = await rig.load({ host: 'shop.test', connections: 8, requests: 100 }).done;
  expect(failed).toBe(0);
  expect(answers['r2']).toBeGreaterThan(20);
}, 60_000);

/** Waits until so many more requests were logged. */
async function more({ receiver }: SwarmRig, requests: number): Promise<void> {
  const before = receiver.lines().counted;
  await expect.poll(() => receiver.lines().counted, { timeout: 20_000 }).toBeGreaterThan(before + requests);
}

async function networks({ engine }: SwarmRig): Promise<string[]> {
  const { text } = await engine.ask('GET', '/containers/odyssey-haproxy/json');
  return Object.keys(JSON.parse(text).NetworkSettings.Networks).sort();
}
