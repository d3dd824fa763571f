// Several logs read as one: merged by time, what is gone is left out, and nothing at all is told as a problem.
import { describe, expect, test } from 'vitest';
import { containersLogQuery, deploymentsLogQuery, type LogEvent } from '../../../../core/contracts/logs.ts';
import type { Service } from '../../../../web/server/engine/objects.ts';
import { logRoutes } from '../../../../web/server/logs/routes.ts';
import { swarmEngine } from '../../../fakes/swarm-engine.ts';

const record = (second: number, text: string) => ({
  ...{ stream: 'stdout' as const, time: `2026-01-01T00:00:0${second}.000000000Z`, task: 't' },
  ...{ text, ends: true, cut: false },
});

function rig() {
  const engine = swarmEngine();
  for (const name of ['shop', 'mail'])
    engine.services.push({
      ID: `id-${name}`,
      Spec: { Name: `${name}-r1`, Labels: { odyssey_environment: 'e1', odyssey_deployment: name } },
    } as unknown as Service);
  const opened: string[] = [];
  engine.port.services.logs = async function* (name: string) {
    opened.push(name);
    yield record(name.startsWith('shop') ? 1 : 2, `a line of ${name}`);
  };
  engine.port.containers.inspect = (id: string) =>
    Promise.resolve(
      id.startsWith('a')
        ? { ok: true, value: { Name: `/${id.slice(0, 3)}` } as never }
        : { ok: false, status: 404, kind: 'not-found', message: 'no such container' },
    ) as never;
  engine.port.containers.logs = async function* (id: string) {
    opened.push(id.slice(0, 3));
    yield record(3, 'a line');
  };
  const routes = logRoutes({
    ...{ engine: engine.port, unixSeconds: () => 1_800_000_000, monotonicSeconds: () => 5 },
    sleep: () => Promise.resolve(),
  });
  async function begin(path: string, query: object, person = 'p') {
    const route = routes.find((one) => one.path === path)!;
    const signal = new AbortController().signal;
    const identity = { person };
    const call = { identity, params: { environment: 'e1' }, query, body: {}, lastEventId: undefined, signal };
    return (await route.handle(call as never)) as AsyncIterable<LogEvent>;
  }
  async function read(path: string, query: object) {
    const events: LogEvent[] = [];
    for await (const event of await begin(path, query)) events.push(event);
    return events.flatMap(({ event, data }) => (event === 'lines' ? data.map(({ text }) => text) : []));
  }
  return { begin, read, opened };
}

const whole = { follow: 'false', tail: '10' };
const readDeployments = (deployments: string) =>
  rig().read('/environments/:environment/logs', deploymentsLogQuery.parse({ ...whole, deployments }));

describe('deployments', () => {
  test('are merged by time', async () => {
    expect(await readDeployments('mail,shop')).toEqual(['a line of shop-r1', 'a line of mail-r1']);
  });
  test('that are gone are left out', async () => {
    expect(await readDeployments('gone,shop')).toEqual(['a line of shop-r1']);
  });
  test('of which none is there are a problem', async () => {
    await expect(readDeployments('gone')).rejects.toMatchObject({ status: 404 });
  });
});

test('containers are read side by side, and what is no container is no query', async () => {
  const { read, opened } = rig();
  const [one, two, gone] = ['a1', 'a2', 'b1'].map((begin) => begin.padEnd(64, '0'));
  await read('/logs', containersLogQuery.parse({ ...whole, containers: `${one},${two},${gone}` }));
  expect(opened.toSorted()).toEqual(['a10', 'a20']);
  const refused = ['', 'web', `${one},`, Array.from({ length: 9 }, () => one).join(',')];
  expect(refused.filter((containers) => containersLogQuery.safeParse({ containers }).success)).toEqual([]);
});

describe('readers', () => {
  const query = deploymentsLogQuery.parse({ ...whole, deployments: 'shop' });
  const path = '/environments/:environment/logs';

  test('of one person are counted before the engine is asked, all at once as well', async () => {
    const { begin } = rig();
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => begin(path, query)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    await expect(begin(path, query, 'somebody else')).resolves.toBeDefined();
  });

  test('leave their place when they have read, and when there was nothing to read', async () => {
    const { begin, read } = rig();
    for (let times = 0; times < 8; times++) {
      await read(path, query);
      await expect(read(path, { ...query, deployments: 'gone' })).rejects.toMatchObject({ status: 404 });
    }
    await expect(begin(path, query)).resolves.toBeDefined();
  });
});
