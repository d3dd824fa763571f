// Whom alerts are told: a draft until it is saved, secrets that only go in, a test that says what became of it.
import { describe, expect, test } from 'vitest';
import { noNotifications } from '../../../../core/contracts/notifications.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { kinds, NotificationsPage } from '../../../../web/console/state/notifications.svelte.ts';
import { type Asked, fakePorts, problem, type Told } from '../ports.ts';

const hook = {
  id: 'webhook',
  name: 'pager',
  enabled: true,
  least: 'warning',
  resolved: true,
  kind: 'webhook',
  url: 'https://x.test',
} as const;
const view = { ...noNotifications, receivers: [hook], revision: 4, held: ['webhook'], applied: { state: 'applied' } };

async function pageWith(shown: object = view, told: (asked: Asked) => Told = () => ({ body: { ...view, made: {} } })) {
  const ports = fakePorts((asked) => {
    if (asked.method !== 'GET') return told(asked);
    return { body: asked.path.startsWith('/notifications/deliveries') ? { items: [], next: null } : shown };
  });
  const page = new NotificationsPage(new App(ports));
  await page.query.refresh();
  const sent = () => ports.asked.filter(({ method }) => method !== 'GET');
  return { page, sent };
}

describe('the sentence of state', () => {
  test.each([
    { given: 'nobody', shown: { ...view, receivers: [] }, says: 'Nobody is told of alerts.' },
    {
      given: 'one that is not in use',
      shown: { ...view, receivers: [{ ...hook, enabled: false }] },
      says: 'Nobody is told of alerts.',
    },
    { given: 'one', shown: view, says: '1 receiver is told of alerts.' },
    {
      given: 'Alertmanager is away',
      shown: { ...view, applied: { state: 'waiting', reason: 'It does not answer.' } },
      says: '1 receiver is told of alerts; not in force yet: It does not answer.',
    },
  ])('$given', async ({ shown, says }) => {
    expect((await pageWith(shown)).page.sentence).toBe(says);
  });
});

describe('a change', () => {
  test('is a draft until it is saved, names the revision that it replaces, and sends only secrets that were given', async () => {
    const { page, sent } = await pageWith();
    page.edit('webhook', { least: 'critical' });
    page.add('email');
    page.secrets = { webhook: '', email: 'hunter2' };
    expect(sent()).toHaveLength(0);
    await page.save();
    const [{ body }] = sent() as [Asked];
    expect(body).toMatchObject({
      revision: 4,
      secrets: { email: 'hunter2' },
      receivers: [{ least: 'critical' }, { kind: 'email' }],
    });
    for (const name of ['held', 'applied']) expect(body).not.toHaveProperty(name);
    expect([page.draft, page.secrets]).toEqual([undefined, {}]);
  });

  test('names the revision that it began from, though a newer one has been read since', async () => {
    let shown: object = view;
    const ports = fakePorts(({ method }) => (method === 'GET' ? { body: shown } : problem(409, 'changed')));
    const page = new NotificationsPage(new App(ports));
    await page.query.refresh();
    page.edit('webhook', { least: 'critical' });
    shown = { ...view, revision: 9 };
    await page.query.refresh();
    await page.save();
    expect(ports.asked.find(({ method }) => method === 'PUT')!.body).toMatchObject({ revision: 4 });
  });

  test('that is typed while the one before is saved is kept, and goes on from what was saved', async () => {
    const { page, sent } = await pageWith(view, () => ({ body: { ...view, revision: 5, made: {} } }));
    page.edit('webhook', { name: 'first' });
    const saving = page.save();
    page.edit('webhook', { name: 'second' });
    await saving;
    expect(page.receivers[0]!.name).toBe('second');
    await page.save();
    expect(sent().map(({ body }) => (body as { revision: number }).revision)).toEqual([4, 5]);
    expect(page.draft).toBeUndefined();
  });

  test('that the server refuses stays as it was written, with the reason', async () => {
    const { page } = await pageWith(view, () => problem(409, 'changed', { detail: 'Somebody else was first.' }));
    page.remove('webhook');
    await page.save();
    expect(page.error?.message).toBe('Somebody else was first.');
    expect(page.receivers).toEqual([]);
    page.discard();
    expect(page.receivers).toEqual([hook]);
  });

  test('a secret that the server made is shown once', async () => {
    const { page } = await pageWith(view, () => ({ body: { ...view, made: { webhook: 'whsec_x' } } }));
    page.edit('webhook', { name: 'other' });
    await page.save();
    expect(page.made).toEqual({ webhook: 'whsec_x' });
  });

  test('a second receiver of a kind gets a name of its own', async () => {
    const { page } = await pageWith();
    for (const { kind } of kinds) page.add(kind);
    expect(page.receivers.map(({ id }) => id)).toEqual(['webhook', 'email', 'slack', 'ntfy', 'webhook-2']);
  });
});

test('a test goes to one or to all, and says what became of each', async () => {
  const outcomes = [{ receiver: 'webhook', outcome: 'failed', reason: 'It answered 500.' }];
  const { page, sent } = await pageWith(view, () => ({ body: { outcomes } }));
  await page.test('webhook');
  await page.test();
  expect(sent().map(({ body }) => body)).toEqual([{ receiver: 'webhook' }, {}]);
  expect(page.outcomes).toEqual(outcomes);
});
