// Deploying: what is shown before, what is sent and once only, how a refusal comes back to its field, and the runs that follow.
import { describe, expect, test } from 'vitest';
import { revisionSpec } from '../../../../core/contracts/deployment-spec.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { DeploymentForm } from '../../../../web/console/state/deployment-form.svelte.ts';
import type { SessionView } from '../../../../web/console/state/session.svelte.ts';
import { adminSession, fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const root = '/environments/e1';
const ready = { kind: 'ready', version: '28', node: 'one', managers: 1, nodes: 1 };
const spec = revisionSpec.parse({ image: 'shop:1.4', env: { TOKEN: 'old', LEVEL: 'info' }, port: 8080 });
const accepted = (operation: string) => ({ operation, deployment: 'shop', revision: 'r1' });
const ids = ['00000000000000aa', '00000000000000bb'];
const preview = {
  deployments: [{ name: 'web', image: 'nginx:1', env: { A: 'b' } }],
  ...{ volumes: [], warnings: [], secrets: [{ name: 'db', exists: false }] },
};

function open(given: { name?: string; address?: string; engine?: object; routes?: Record<string, Told> } = {}) {
  const ports = fakePorts(
    fakeServer({
      'GET /engine': { body: given.engine ?? ready },
      [`GET ${root}/deployments/shop`]: {
        body: { name: 'shop', stable: 'r2', newest: 'r3', hosts: [], replicas: { wanted: 2, running: 2 } },
      },
      [`GET ${root}/deployments/shop/revisions/r2/spec`]: { body: spec },
      [`POST ${root}/deployments`]: { status: 202, body: accepted(ids[0]!) },
      [`POST ${root}/deployments/shop/revisions`]: { status: 202, body: accepted(ids[0]!) },
      [`POST ${root}/compose/preview`]: { body: preview },
      [`POST ${root}/compose`]: { status: 202, body: { items: ids.map(accepted) } },
      ...given.routes,
    }),
    given.address ?? '/deploy',
  );
  const app = new App(ports);
  app.session.enter(adminSession as SessionView);
  const form = new DeploymentForm(app, 'e1', given.name);
  const stop = form.open();
  const posted = (path: string) => ports.asked.filter((one) => one.method === 'POST' && one.path === `${root}${path}`);
  return { app, form, ports, posted, stop };
}

describe('something new', () => {
  test('is shown, sent, and its run is followed on the same page', async () => {
    const { form, ports, posted } = open();
    await settle();
    expect(form.ready).toBe(false);
    [form.fields.name, form.fields.image] = ['shop', 'shop:1.4'];
    expect(form.diffs[0]).toMatchObject({
      title: 'shop',
      before: '',
      after: expect.stringContaining('image: shop:1.4'),
    });
    await form.submit();
    expect(posted('/deployments').map(({ body }) => body)).toMatchObject([
      { name: 'shop', image: 'shop:1.4', replicas: 1 },
    ]);
    expect(ports.visited).toEqual(['/deploy', `/deploy?run=${ids[0]}`]);
    expect(form.runs.map(({ id }) => id)).toEqual([ids[0]]);
  });

  test('what the form itself knows to be wrong is not sent', async () => {
    const { form, posted } = open();
    [form.fields.name, form.fields.image, form.fields.cpus] = ['shop', 'shop:1.4', 'two'];
    expect(form.errorOf('cpus')).toBeUndefined();
    await form.submit();
    expect([form.errorOf('cpus'), posted('/deployments').length]).toEqual(['A number.', 0]);
  });

  test('a refusal comes back to its field; the same again keeps its key, something else gets another', async () => {
    const refusal = problem(400, 'invalid', {
      errors: [{ path: 'body.limits.memoryMegabytes', message: 'too small' }],
    });
    const { form, posted } = open({ routes: { [`POST ${root}/deployments`]: refusal } });
    [form.fields.name, form.fields.image, form.fields.memoryMegabytes] = ['shop', 'shop:1.4', '1'];
    await form.submit();
    expect(form.errorOf('memoryMegabytes')).toBe('too small');
    await form.submit();
    form.fields.memoryMegabytes = '64';
    await form.submit();
    const [first, second, third] = posted('/deployments').map(({ headers }) => headers['idempotency-key']);
    expect([first === second, second === third]).toEqual([true, false]);
  });

  test('while there is no swarm nothing can be sent', async () => {
    const { form } = open({ engine: { kind: 'absent', reason: 'No socket.' } });
    await settle();
    [form.fields.name, form.fields.image] = ['shop', 'shop:1.4'];
    expect([form.ready, form.engine.obstacle?.why]).toEqual([false, 'No socket.']);
  });
});

describe('an update', () => {
  test('begins with what serves, shows names of variables alone, sends only what differs', async () => {
    const { form, posted } = open({ name: 'shop', address: '/deployments/shop/update' });
    await settle();
    expect([form.fields.image, form.fields.port, form.ready]).toEqual(['shop:1.4', '8080', false]);
    form.fields.env = 'TOKEN=new\nLEVEL=info';
    const { before, after } = form.diffs[0]!;
    expect(before).toContain('env TOKEN');
    expect(after).toContain('env TOKEN: another value');
    expect(before + after).not.toMatch(/old|new/);
    await form.submit();
    expect(posted('/deployments/shop/revisions').map(({ body }) => body)).toEqual([
      { env: { TOKEN: 'new', LEVEL: 'info' } },
    ]);
  });

  test('what came of it is compared with what served before, and one click goes back', async () => {
    const back = { [`POST ${root}/deployments/shop/rollback`]: { status: 202, body: accepted(ids[1]!) } };
    const { form, ports } = open({ name: 'shop', routes: back });
    await settle();
    expect(form.compareHref('shop', 'r4')).toBe('/deployments/shop?tab=revisions&a=r2&b=r4');
    expect(form.compareHref('shop', 'r2')).toBeUndefined();
    await form.rollBack('shop');
    expect(ports.visited.at(-1)).toBe(`/deployments/shop?run=${ids[1]}`);
    expect(form.busy).toBe(false);
  });

  test('what was typed is not overwritten by a second reading', async () => {
    const { form } = open({ name: 'shop' });
    await settle();
    form.fields.image = 'shop:1.5';
    form.open();
    await settle();
    expect(form.fields.image).toBe('shop:1.5');
  });
});

describe('a page that is left while it is sent', () => {
  test('is told how it went, and the next page keeps its address', async () => {
    const { app, form, ports } = open();
    [form.fields.name, form.fields.image] = ['shop', 'shop:1.4'];
    const sent = form.submit();
    app.router.go('/containers');
    await sent;
    expect([ports.visited.at(-1), app.toasts.shown.map(({ text }) => text)]).toEqual([
      '/containers',
      ['shop: the operation has begun.'],
    ]);
  });

  test('hears of a refusal as well', async () => {
    const refused = problem(409, 'conflict', { detail: 'The name is taken.' });
    const { app, form } = open({ routes: { [`POST ${root}/deployments`]: refused } });
    [form.fields.name, form.fields.image] = ['shop', 'shop:1.4'];
    const sent = form.submit();
    app.router.go('/containers');
    await sent;
    expect(app.toasts.shown.map(({ text }) => text)).toEqual(['Nothing was deployed. The name is taken.']);
  });

  test('is not brought back to by a way back that had begun', async () => {
    const back = { [`POST ${root}/deployments/shop/rollback`]: { status: 202, body: accepted(ids[1]!) } };
    const { app, form, ports } = open({ name: 'shop', routes: back });
    const begun = form.rollBack('shop');
    app.router.go('/containers');
    await begun;
    expect(ports.visited.at(-1)).toBe('/containers');
  });
});

describe('what was typed', () => {
  const typed = (of: ReturnType<typeof open>) => {
    [of.form.fields.name, of.form.fields.image, of.form.fields.env] = ['shop', 'shop:1.4', 'TOKEN=t'];
  };

  test('is there again after the session ran out and the same person came back', () => {
    const first = open();
    typed(first);
    first.app.leave();
    first.stop();
    first.app.session.enter(adminSession as SessionView);
    first.app.enter();
    const again = new DeploymentForm(first.app, 'e1');
    again.open();
    expect([again.fields.name, again.fields.env]).toEqual(['shop', 'TOKEN=t']);
  });

  test('is not there for somebody else, nor for the same one after them', () => {
    const { app, form, stop } = open();
    typed({ app, form, stop } as ReturnType<typeof open>);
    app.leave();
    stop();
    const other = { ...adminSession, person: { id: 'fedcba9876543210', name: 'bob' } };
    for (const view of [other, adminSession]) {
      app.session.enter(view as SessionView);
      app.enter();
      const next = new DeploymentForm(app, 'e1');
      next.open();
      expect(next.fields.name).toBe('');
      app.leave();
    }
  });

  test('goes along to another environment, and its compose file is looked at there', async () => {
    const { app, form, ports, stop } = open({ address: '/deploy?from=compose&env=e1' });
    form.write('services: …');
    await ports.pass(1);
    app.router.setQuery({ env: 'e2' });
    const there = new DeploymentForm(app, 'e2');
    stop();
    there.open();
    expect(there.text).toBe('services: …');
    await ports.pass(1);
    expect(ports.asked.at(-1)!.path).toBe('/environments/e2/compose/preview');
  });

  test('is gone where the person went elsewhere', () => {
    const first = open();
    typed(first);
    first.app.router.go('/deployments');
    first.stop();
    first.app.router.go('/deploy');
    const next = new DeploymentForm(first.app, 'e1');
    next.open();
    expect(next.fields.name).toBe('');
  });

  test('for an update stays, and what it begins from is read anew', async () => {
    const address = '/deployments/shop/update';
    const { app, form, stop } = open({ name: 'shop', address });
    await settle();
    form.fields.image = 'shop:1.5';
    app.leave();
    stop();
    app.session.enter(adminSession as SessionView);
    const again = new DeploymentForm(app, 'e1', 'shop');
    again.open();
    await settle();
    expect([again.fields.image, again.change]).toEqual(['shop:1.5', { image: 'shop:1.5' }]);
  });
});

test('before what an update begins from is read again, nothing can be typed that it would overwrite', async () => {
  const { app } = open({ name: 'shop' });
  await settle();
  expect(new DeploymentForm(app, 'e1', 'shop').base?.face).toBe('loading');
});

describe('a compose file', () => {
  test('is looked at once typing rests, then deployed as it was looked at', async () => {
    const { form, ports, posted } = open({ address: '/deploy?from=compose' });
    for (const text of ['s', 'se', 'services: …']) form.write(text);
    expect(form.ready).toBe(false);
    await ports.pass(1);
    expect(posted('/compose/preview').map(({ body }) => body)).toEqual([{ text: 'services: …' }]);
    expect(form.diffs.map(({ title }) => title)).toEqual(['web']);
    await form.submit();
    expect(form.runs.map(({ id }) => id)).toEqual(ids);
    form.again();
    expect(form.runs).toEqual([]);
  });

  test('a preview of an older text is not shown', async () => {
    const { form, ports } = open({
      address: '/deploy?from=compose',
      routes: { [`POST ${root}/compose/preview`]: 'silent' },
    });
    form.write('one');
    await ports.pass(1);
    form.write('two');
    await ports.pass(0.1);
    expect([form.preview, form.ready]).toEqual([undefined, false]);
  });

  test('what is refused is told in its words', async () => {
    const refused = problem(400, 'compose', { detail: 'services.web.build is not supported.' });
    const { form, ports } = open({
      address: '/deploy?from=compose',
      routes: { [`POST ${root}/compose/preview`]: refused },
    });
    form.write('services: …');
    await ports.pass(1);
    expect(form.error?.message).toBe('services.web.build is not supported.');
  });
});
