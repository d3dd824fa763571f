// What the request log does not show, on a real HAProxy: retries that hide failures, answers that never came, and a receiver that was away.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendReading } from '../../../../web/server/ingress/port.ts';
import { lacksHaproxy } from '../../../engine/haproxy.ts';
import { load } from './load.ts';
import { type Rig, routeOf, startRig } from './rig.ts';

const lacking = lacksHaproxy();

describe.skipIf(lacking !== undefined)(`unseen errors${lacking === undefined ? '' : ` (skipped: ${lacking})`}`, () => {
  let rig: Rig;
  const ask = (requests: number, method = 'GET') =>
    load({ port: rig.port, host: 'shop.test', connections: 4, method, goOn: (sent) => sent < requests });
  const figures = () => rig.figures.all(() => 'e1').find(({ revision }) => revision === 'r1');
  const backend = async (): Promise<BackendReading> => {
    const reading = await rig.ingress.read();
    if (reading.kind === 'down') throw new Error(reading.reason);
    return reading.backends.find(({ revision }) => revision === 'r1')!;
  };
  beforeAll(async () => {
    rig = await startRig();
    let posts = 0;
    // Every third POST is cut off without an answer, as a process that crashes does.
    await rig.serve('shop-r1', 2, (request, response) => {
      if (request.method === 'POST' && ++posts % 3 === 0) request.socket.destroy();
      else response.end('r1');
    });
    await rig.ingress.apply([routeOf(rig)]);
    await rig.ingress.untilUp('shop', 'r1', 2, 10);
  }, 180_000);
  afterAll(() => rig.close());

  test('a POST that got no answer is seen by the log and the counters of its backend together', async () => {
    const before = { log: figures()?.errors ?? 0, backend: await backend() };
    const { failed, total } = await ask(90, 'POST');
    expect(failed).toBeGreaterThan(total / 4);
    await expect.poll(() => rig.receiver.lines().counted + rig.receiver.lines().unrouted).toBeGreaterThan(0);
    const after = await backend();
    const logged = (figures()?.errors ?? 0) - before.log;
    const silent =
      after.sessionsTotal - after.requestsTotal - (before.backend.sessionsTotal - before.backend.requestsTotal);
    expect(logged + silent).toBeGreaterThanOrEqual(failed);
  });

  test('a server that went away costs retries and no request', async () => {
    const before = figures()?.retries ?? 0;
    const gone = rig.names.get('tasks.shop-r1')!;
    rig.names.set('tasks.shop-r1', [...gone, '127.0.1.250']); // nobody listens there
    const { failed } = await load({
      ...{ port: rig.port, host: 'shop.test', connections: 4, pauseMilliseconds: 5, goOn: (sent) => sent < 400 },
    });
    expect(failed).toBe(0);
    await expect.poll(() => (figures()?.retries ?? 0) - before).toBeGreaterThan(0);
    rig.names.set('tasks.shop-r1', gone);
  });

  test('lines wait in HAProxy while the receiver is away', async () => {
    await expect.poll(() => rig.receiver.connections()).toBeGreaterThan(0);
    await settled(rig);
    await rig.awayWhile(async () => {
      expect((await ask(300)).failed).toBe(0);
    });
    expect(await rig.ingress.read()).toMatchObject({ kind: 'serving', current: false });
    expect(await rig.ingress.apply([routeOf(rig)])).toMatchObject({ kind: 'applied', reloaded: false });
    await expect.poll(() => rig.receiver.lines().counted, { timeout: 15_000 }).toBe(300);
    expect(await rig.ingress.read()).toMatchObject({ kind: 'serving', current: true });
  });
});

/** Until no line is on its way. */
async function settled({ receiver }: Rig): Promise<void> {
  for (let before = -1; before !== receiver.lines().counted; ) {
    before = receiver.lines().counted;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
