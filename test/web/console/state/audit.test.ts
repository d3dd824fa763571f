// The audit log's page: the filter in the address, names beside ids, the sentence of how far the log is signed.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { AuditLogPage } from '../../../../web/console/state/audit.svelte.ts';
import type { AuditItem } from '../../../../web/console/values/audit-acts.ts';
import { close, item, open } from '../audit-items.ts';
import { adminSession, fakePorts, settle } from '../ports.ts';

describe('the page', () => {
  const checkpoint = 'odyssey/audit\n120\nroot\n\n— key sig\n';
  function pageAt(address: string, state: object) {
    const ports = fakePorts(({ path }) => {
      if (path.startsWith('/audit/state')) return { body: state };
      return { body: path.includes('cursor=') ? { items: [open], next: null } : { items: [close], next: 'c1' } };
    }, address);
    return { ports, page: new AuditLogPage(new App(ports)) };
  }

  test.each([
    { anchors: [{ target: 'file', size: 100 }], checkpoint, says: '130 records, signed to #120; file knows of #100.' },
    { anchors: [], checkpoint, says: '130 records, signed to #120; no witness outside is set.' },
    { anchors: [], checkpoint: '', says: '130 records, none of them signed yet.' },
    {
      ...{ anchors: [], checkpoint, verified: { size: 125, atSeconds: 1, damage: null } },
      says: '130 records, verified to #125, signed to #120; no witness outside is set.',
    },
  ])('says $says', async ({ says, ...state }) => {
    const { page } = pageAt('/audit', { size: 130, verifierKey: 'k', ...state });
    await page.state.refresh();
    expect(page.sentence).toBe(says);
  });

  test('the filter of the address is asked for and exported; days end with their last second', async () => {
    const { page, ports } = pageAt('/audit?action=session:open&to=2026-01-02&tab=x', {});
    await page.first.refresh();
    expect(ports.asked[0]!.path).toContain('action=session%3Aopen');
    expect(ports.asked[0]!.path).toContain('to=2026-01-02T23%3A59%3A59Z');
    expect(ports.asked[0]!.path).not.toContain('tab');
    expect(page.exportHref).toBe('/api/v1/audit/export?action=session%3Aopen&to=2026-01-02T23%3A59%3A59Z');
  });

  test('damage is told with its place, and is no verification', async () => {
    const damage = { kind: 'edited', firstBad: 7, reason: 'the leaf does not fit' };
    const verified = { size: 125, atSeconds: 1, damage };
    const { page } = pageAt('/audit', { size: 130, verifierKey: 'k', anchors: [], checkpoint, verified });
    await page.state.refresh();
    expect(page.damage).toBe('The log is edited from #7 on: the leaf does not fit.');
    expect(page.sentence).not.toContain('verified');
  });

  test('the act that is looked at stands in the address, and people are chosen by name', async () => {
    const { page } = pageAt('/audit?actor=p1', {});
    await page.first.refresh();
    await page.readMore();
    expect(page.looked).toBeUndefined();
    page.look(page.acts[0]);
    expect(page.looked?.seq).toBe(1);
    expect(page.actors).toEqual([{ id: 'p1', name: 'ada' }]);
    expect(page.actions).toEqual(['deployment:write']);
  });

  test('older records join their ends', async () => {
    const { page } = pageAt('/audit', {});
    await page.first.refresh();
    expect([page.acts.map(({ seq }) => seq), page.goesOn]).toEqual([[2], true]);
    await page.readMore();
    expect([page.acts.map(({ seq }) => seq), page.goesOn]).toEqual([[1], false]);
  });
});

describe('names', () => {
  const shop = '0123456789abcdef';
  const lost = 'fedcba9876543210';
  const volume = item(8, { kind: 'note', subject: `environment/${shop}/volume/vol-a`, environment: shop });
  const network = item(7, { kind: 'note', subject: `environment/${lost}/network/pay`, environment: lost });
  const node = item(6, { kind: 'note', subject: 'node/n1' });
  async function pageOf(items: AuditItem[], address = '/audit', permissions = ['audit:read', 'node:read']) {
    const ports = fakePorts(({ path }) => {
      if (path.startsWith('/session')) return { body: { ...adminSession, permissions } };
      if (path.startsWith('/environments')) return { body: { items: [{ id: shop, name: 'shop', archived: true }] } };
      if (path.startsWith('/nodes')) return { body: { swarm: 'active', items: [{ id: 'n1', name: 'orion' }] } };
      return { body: { items, next: null } };
    }, address);
    const app = new App(ports);
    await app.session.begin();
    await app.environments.query.refresh();
    const page = new AuditLogPage(app);
    await page.first.refresh();
    page.readNames();
    await settle();
    return { page, app, ports };
  }

  test('of what is there and of what is gone', async () => {
    const { page } = await pageOf([volume, network, node]);
    expect(page.acts.map(({ said }) => said)).toEqual([
      ...['volume vol-a in shop', `network pay in ${lost} (gone)`, 'node orion'],
    ]);
  });

  test.each([
    { asks: [node], permissions: ['audit:read'] },
    { asks: [volume], permissions: ['audit:read', 'node:read'] },
  ])('the swarm is not asked without need or leave: $permissions', async ({ asks, permissions }) => {
    const { ports } = await pageOf(asks, '/audit', permissions);
    expect(ports.asked.filter(({ path }) => path.startsWith('/nodes'))).toEqual([]);
  });

  test.each(['vol-a shop', shop, `environment/${shop}/volume`])('are searched as well as ids: %s', async (text) => {
    const { page } = await pageOf([volume, network, node]);
    page.table.filterBy(text);
    expect(page.table.visible.map(({ seq }) => seq)).toEqual([8]);
  });

  test('a filter by name asks for what is recorded, and says what it asks for', async () => {
    const { page, app } = await pageOf([volume]);
    page.filterBySubject('Volume vol-a in shop ');
    expect(app.router.query['subject']).toBe(`environment/${shop}/volume/vol-a`);
    expect(new AuditLogPage(app).askedSubject).toBe('volume vol-a in shop');
    page.filterBySubject('deployment/api');
    expect(app.router.query['subject']).toBe('deployment/api');
    page.filterBySubject('');
    expect(app.router.query['subject']).toBeUndefined();
  });

  test('an environment is chosen by name, one that is gone stays in the choice while it is asked for', async () => {
    const { page, ports } = await pageOf([volume], `/audit?environment=${lost}`);
    expect(page.environments).toEqual([
      { id: shop, name: 'shop' },
      { id: lost, name: `${lost} (gone)` },
    ]);
    expect(ports.asked.some(({ path }) => path.includes(`environment=${lost}`))).toBe(true);
    expect(page.exportHref).toBe(`/api/v1/audit/export?environment=${lost}`);
  });
});
