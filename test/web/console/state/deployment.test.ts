// One deployment: what may be gone back to, what is asked before it is done, and the run that follows from each act.
import { describe, expect, test } from 'vitest';
import type { Operation, RevisionView } from '../../../../core/contracts/deployments.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import {
  canServe,
  DeploymentPage,
  meaningOfReplica,
  meaningOfResult,
} from '../../../../web/console/state/deployment.svelte.ts';
import { SettingsForm } from '../../../../web/console/state/deployment-settings.svelte.ts';
import { fakePorts, fakeServer, problem, settle } from '../ports.ts';

const root = '/environments/e1/deployments/shop';
const runId = '00000000000000aa';
const revision = (
  name: string,
  place: RevisionView['place'],
  result: RevisionView['result'] = 'done',
): RevisionView => ({
  ...{
    revision: name,
    image: 'shop:1',
    pinned: 'sha256:aa',
    envNames: [],
    limits: { memoryMegabytes: 512, cpus: 0.5 },
  },
  ...{ specHash: name, author: 'ada', created: 1, result, reason: '', seconds: 3, place, replicas: 0 },
});
const history = [
  revision('r5', 'cold', 'rolled-back'),
  revision('r4', 'stable'),
  revision('r3', 'cold', 'failed'),
  revision('r2', 'warm'),
  revision('r1', 'pruned'),
];
const detail = {
  ...{
    name: 'shop',
    state: 'running',
    reason: '',
    stable: 'r4',
    newest: 'r5',
    hosts: ['shop.example'],
    stopped: false,
  },
  replicas: { wanted: 3, running: 2 },
};
const operation = (change: Partial<Operation>): Operation => ({
  ...{ id: runId, environment: 'e1', deployment: 'shop', kind: 'scale', revision: null, actor: 'ada' },
  ...{ state: 'running', outcome: '', started: 1, ended: null },
  ...change,
});

async function open(
  given: { operations?: Operation[]; revisions?: RevisionView[]; address?: string; refuse?: boolean } = {},
) {
  const accepted = given.refuse
    ? problem(409, 'busy', { detail: 'It has an operation that goes on.' })
    : { status: 202, body: { operation: runId, deployment: 'shop', revision: null } };
  const ports = fakePorts(
    fakeServer({
      [`GET ${root}`]: { body: detail },
      [`GET ${root}/revisions`]: { body: { items: given.revisions ?? history } },
      [`GET ${root}/operations`]: { body: { items: given.operations ?? [] } },
      [`GET ${root}/revisions/r4/diff`]: { body: { from: 'r2', to: 'r4' } },
      ...Object.fromEntries(
        ['scale', 'restart', 'start', 'stop', 'rollback'].map((one) => [`POST ${root}/${one}`, accepted]),
      ),
      [`DELETE ${root}`]: accepted,
      [`PATCH ${root}`]: { body: { ...detail, hosts: [] } },
      [`GET /environments/e1/operations/${runId}`]: {
        body: { ...operation({ kind: 'remove', state: 'done', ended: 2 }), steps: [] },
      },
    }),
    given.address ?? '/deployments/shop',
  );
  const app = new App(ports);
  const page = new DeploymentPage(app, 'e1', 'shop');
  await Promise.all([page.query, page.revisions, page.operations].map((one) => one.refresh()));
  const sent = () =>
    ports.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
  return { app, page, ports, sent };
}

test('the sentence of state says how many run and who serves', async () => {
  expect((await open()).page.sentence).toBe('2 of 3 replicas run, r4 serves.');
});

describe('going back', () => {
  test('leads past what failed and what is no longer there', async () => {
    expect((await open()).page.previous?.revision).toBe('r2');
    expect(history.filter(canServe).map((one) => one.revision)).toEqual(['r2']);
  });

  test('is not offered where nothing served before', async () => {
    expect(
      (await open({ revisions: [revision('r2', 'stable'), revision('r1', 'cold', 'failed')] })).page.previous,
    ).toBeUndefined();
  });

  test('takes one click and leads to its run', async () => {
    const { page, ports, sent } = await open();
    await page.rollBack('r2');
    expect(sent()).toEqual([['POST', `${root}/rollback`, { revision: 'r2' }]]);
    expect(ports.visited.at(-1)).toBe(`/deployments/shop?run=${runId}`);
    expect(page.run?.id).toBe(runId);
  });
});

describe('what is done', () => {
  test('scaling, restarting and starting ask nothing', async () => {
    const { page, sent } = await open();
    await page.scale(5);
    await page.restart();
    await page.start();
    expect(sent().map(([, path]) => String(path).split('/').at(-1))).toEqual(['scale', 'restart', 'start']);
    expect(sent()[0]![2]).toEqual({ replicas: 5 });
  });

  test('stopping says what stops answering, and a removal wants the name', async () => {
    const { app, page, sent } = await open();
    const stopped = page.stop();
    expect(app.danger.asked?.about).toMatchObject({ lost: expect.stringContaining('shop.example will answer 503') });
    expect(app.danger.asked?.about.type).toBeUndefined();
    app.danger.answer(false);
    expect([await stopped, sent()]).toEqual([false, []]);
    const removed = page.remove();
    expect(app.danger.asked?.about.type).toBe('shop');
    app.danger.answer(true);
    await removed;
    expect(sent().map(([method]) => method)).toEqual(['DELETE']);
  });

  test('the end of another one that the address names is not the end of this one', async () => {
    const { app, ports } = await open({ address: `/deployments/api?run=${runId}` });
    const page = new DeploymentPage(app, 'e1', 'api');
    page.run!.follow();
    await settle();
    expect(ports.asked.at(-1)!.path).toBe(`/environments/e1/operations/${runId}`);
    expect([page.gone, page.run?.operation?.deployment]).toEqual([false, 'shop']);
  });

  test('puts nothing into the address of a page that was opened meanwhile', async () => {
    const { app, page, ports } = await open();
    const scaled = page.scale(2);
    app.router.go('/deployments/api');
    expect(await scaled).toBe(true);
    expect(ports.visited.at(-1)).toBe('/deployments/api');
  });

  test('a removal that was followed to its end leaves nothing to read', async () => {
    const { page } = await open({ address: `/deployments/shop?run=${runId}` });
    page.run!.follow();
    await settle();
    expect([page.gone, page.sentence]).toEqual([true, 'It is removed. Its volumes and secrets are still there.']);
  });

  test('a refusal is said, and no run begins', async () => {
    const { app, page } = await open({ refuse: true });
    expect(await page.restart()).toBe(false);
    expect([page.run, page.busy, app.toasts.shown[0]?.text]).toEqual([
      undefined,
      false,
      'Refused. It has an operation that goes on.',
    ]);
  });
});

test('what goes on right now is followed without being asked for', async () => {
  const { page } = await open({ operations: [operation({})] });
  expect([page.run?.id, page.occupied]).toEqual([runId, false]);
  page.run!.operation = operation({});
  expect(page.occupied).toBe(true);
  expect((await open({ operations: [operation({ state: 'done' })] })).page.run).toBeUndefined();
});

test('two revisions are compared as the address names them; nonsense is not asked for', async () => {
  const { page, ports } = await open();
  page.compare('r2', 'r4');
  await page.compared?.refresh();
  expect(ports.asked.at(-1)?.path).toBe(`${root}/revisions/r4/diff?from=r2`);
  page.compare('../x', 'r4');
  expect(page.compared).toBeUndefined();
});

describe('settings', () => {
  const settings = { hosts: ['shop.example'], sticky: false, keepRevisions: 5, warmSeconds: 3_600 };

  test('only what was changed is sent', async () => {
    const form = new SettingsForm(settings);
    expect(form.ready).toBe(false);
    form.hosts = 'shop.example www.example';
    form.warmMinutes = '10';
    expect([form.ready, form.change]).toEqual([true, { hosts: ['shop.example', 'www.example'], warmSeconds: 600 }]);
    const { page, sent } = await open();
    expect(await page.configure(form.change)).toBe(true);
    expect(sent()).toEqual([['PATCH', root, form.change]]);
    expect(page.query.data?.hosts).toEqual([]);
  });

  test.each([
    ['1', '60'],
    ['21', '60'],
    ['many', '60'],
    ['5', ''],
    ['5', '20000'],
  ])('%s revisions, %s minutes: refused before it is sent', (keep, warm) => {
    const form = new SettingsForm(settings);
    [form.keepRevisions, form.warmMinutes] = [keep, warm];
    expect([form.ready, form.problem !== undefined]).toEqual([false, true]);
  });
});

test('states in meanings', () => {
  expect(meaningOfReplica({ state: 'running', desired: 'running' })).toBe('ok');
  expect(meaningOfReplica({ state: 'failed', desired: 'running' })).toBe('critical');
  expect(meaningOfReplica({ state: 'shutdown', desired: 'shutdown' })).toBe('unknown');
  expect(meaningOfReplica({ state: 'pending', desired: 'running' })).toBe('notice');
  expect(meaningOfResult('rolled-back')).toBe('warning');
});
