// Several logs read as one: merged by time, what is gone is left out, and nothing at all is told as a problem.
import { describe, expect, test } from 'vitest';
import {
  containersLogQuery,
  deploymentPageQuery,
  deploymentsLogQuery,
  deploymentsPageQuery,
  type LogEvent,
  type LogPage,
} from '../../../../core/contracts/logs.ts';
import type { Service, Task } from '../../../../web/server/engine/objects.ts';
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
  async function call(path: string, query: object, person: string): Promise<unknown> {
    const route = routes.find((one) => one.path === path)!;
    const signal = new AbortController().signal;
    const identity = { person };
    const params = { environment: 'e1', deployment: 'shop' };
    return route.handle({ identity, params, query, body: {}, lastEventId: undefined, signal } as never);
  }
  const begin = async (path: string, query: object, person = 'p') =>
    (await call(path, query, person)) as AsyncIterable<LogEvent>;
  const page = async (path: string, query: object) => (await call(path, query, 'p')) as LogPage;
  async function read(path: string, query: object) {
    const events: LogEvent[] = [];
    for await (const event of await begin(path, query)) events.push(event);
    return events.flatMap(({ event, data }) => (event === 'lines' ? data.map(({ text }) => text) : []));
  }
  return { begin, read, page, opened, engine };
}

const whole = { follow: 'false', tail: '10' };
const readDeployments = (deployments: string) =>
  rig().read('/environments/:environment/logs', deploymentsLogQuery.parse({ ...whole, deployments }));

describe('deployments', () => {
  test('are merged by time', async () => {
    expect(await readDeployments('mail,shop')).toEqual(['a line of shop-r1', 'a line of mail-r1']);
  });
  test.each(['01.000000000', '01'])('go on behind the line that a reader has, named by second %s', async (second) => {
    const query = { ...whole, deployments: 'mail,shop', resume: `2026-01-01T00:00:${second}Z` };
    const read = rig().read('/environments/:environment/logs', deploymentsLogQuery.parse(query));
    expect(await read).toEqual(['a line of mail-r1']);
    expect(deploymentsLogQuery.safeParse({ ...query, resume: 'yesterday' }).success).toBe(false);
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

describe('chosen replicas', () => {
  const path = '/environments/:environment/logs';
  const chosen = (replicas: string) => deploymentsLogQuery.parse({ ...whole, deployments: 'shop,mail', replicas });

  test('narrow their own deployment alone, and their services alone are opened', async () => {
    const { read, opened, engine } = rig();
    engine.tasks.push({ ID: 't', ServiceID: 'id-mail', Slot: 1 } as Task);
    expect(await read(path, chosen('shop-r2.1'))).toEqual(['a line of mail-r1']);
    expect(opened).toEqual(['mail-r1']);
    expect(await read(path, chosen('mail-r1.1'))).toEqual(['a line of shop-r1', 'a line of mail-r1']);
    expect(await read(path, chosen('mail-r1.2'))).toEqual(['a line of shop-r1']);
  });

  test('that are not there are told of, and waited for', async () => {
    const events: LogEvent[] = [];
    for await (const event of await rig().begin(path, chosen('shop-r1.9'))) events.push(event);
    expect(events[0]).toMatchObject({
      event: 'note',
      data: { text: expect.stringContaining('shop-r1.9: not there now') },
    });
  });

  test('of a deployment that is not read are a problem', async () => {
    await expect(rig().begin(path, chosen('post-r1.1'))).rejects.toMatchObject({ status: 422 });
  });

  test.each([
    '',
    'shop',
    'shop-r1',
    'shop-r0.1',
    'shop-r1.1,',
    'Shop-r1.1',
    '../x-r1.1',
    Array(33).fill('shop-r1.1').join(','),
  ])('“%s” is no choice', (replicas) => {
    expect(deploymentsLogQuery.safeParse({ ...whole, deployments: 'shop', replicas }).success).toBe(false);
  });
});

describe('a page of the past', () => {
  const before = '2026-01-01T00:00:09Z';
  test('is read of one deployment, of several, and of chosen replicas', async () => {
    const { page, engine } = rig();
    engine.tasks.push({ ID: 't', ServiceID: 'id-shop', Slot: 1 } as Task);
    const one = deploymentPageQuery.parse({ before });
    const single = '/environments/:environment/deployments/:deployment/logs/past';
    expect((await page(single, one)).items.map(({ replica }) => replica)).toEqual(['shop-r1.1']);
    const all = deploymentsPageQuery.parse({ before, deployments: 'mail,shop', replicas: 'mail-r1.3' });
    const read = await page('/environments/:environment/logs/past', all);
    expect([read.items.map(({ text }) => text), read.older]).toEqual([['a line of shop-r1'], 'none']);
    expect(read.notes.join()).toContain('mail-r1.3: not there now');
  });

  test('of what is gone is a problem, and gives its place back', async () => {
    const { page } = rig();
    const gone = deploymentsPageQuery.parse({ before, deployments: 'gone' });
    for (let times = 0; times < 6; times++)
      await expect(page('/environments/:environment/logs/past', gone)).rejects.toMatchObject({ status: 404 });
  });

  test.each([
    { given: 'no time', query: {} },
    { given: 'two times', query: { before, at: before } },
    { given: 'a time of no zone', query: { at: '2026-01-01T00:00:09' } },
    { given: 'a time of another zone', query: { at: '2026-01-01T00:00:09+01:00' } },
    { given: 'no day', query: { at: '2026-02-31T00:00:00Z' } },
    { given: 'more digits than the engine has', query: { at: '2026-01-01T00:00:09.0000000001Z' } },
    { given: 'more lines than a page has', query: { at: before, tail: '1001' } },
  ])('$given is refused', ({ query }) => {
    expect(deploymentPageQuery.safeParse(query).success).toBe(false);
  });
});
