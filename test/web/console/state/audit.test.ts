// The audit log as acts: opens joined with their ends, nothing taken for done that has no end, the filter in the address.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import {
  type AuditItem,
  AuditLogPage,
  actsOf,
  changeOf,
  meaningOfOutcome,
} from '../../../../web/console/state/audit.svelte.ts';
import { fakePorts } from '../ports.ts';

function item(
  seq: number,
  record: object,
  personal: Record<string, string> = {},
  names: Record<string, string> = {},
): AuditItem {
  const always = {
    v: 1,
    seq,
    time: '2026-01-02T03:04:05.000Z',
    previousRoot: '0'.repeat(64),
    subject: 'shop',
    detail: {},
    personal: {},
  };
  const actor = { kind: 'person', id: 'p1' };
  return {
    seq,
    leaf: 'f'.repeat(64),
    personal,
    names,
    record: { ...always, actor, action: 'deployment:write', ...record },
  } as AuditItem;
}

const open = item(
  1,
  { kind: 'open', detail: { before: { replicas: 2 }, after: { replicas: 3 } } },
  { actorName: 'ada' },
);
const close = item(2, { kind: 'close', opened: 1, outcome: 'done' });

describe('acts', () => {
  test.each([
    { given: 'an open with its end', items: [close, open], acts: [{ seq: 1, who: 'ada', outcome: 'done' }] },
    { given: 'an open without one', items: [open], acts: [{ seq: 1, who: 'ada', outcome: undefined }] },
    {
      given: 'an end whose open is on a page behind',
      items: [close],
      acts: [{ seq: 2, who: 'person p1', outcome: 'done' }],
    },
    { given: 'a note', items: [item(3, { kind: 'note' })], acts: [{ seq: 3, who: 'person p1', outcome: 'note' }] },
    {
      given: 'an operation that goes on for somebody',
      items: [item(3, { kind: 'note' }, {}, { p1: 'ada' })],
      acts: [{ seq: 3, who: 'ada', actor: 'p1' }],
    },
    {
      given: 'a stranger who signed in',
      items: [
        item(6, { kind: 'close', opened: 5, outcome: 'done', detail: { person: 'p2' } }, {}, { p2: 'bo' }),
        item(5, { kind: 'open', actor: { kind: 'anonymous', id: '' } }),
      ],
      acts: [{ seq: 5, who: 'bo' }],
    },
    {
      given: 'a stranger who was turned away',
      items: [item(5, { kind: 'open', actor: { kind: 'anonymous', id: '' } })],
      acts: [{ seq: 5, who: 'nobody signed in' }],
    },
    {
      given: 'what we did ourselves',
      items: [item(4, { kind: 'note', actor: { kind: 'system', id: 'retention' } })],
      acts: [{ seq: 4, who: 'Odyssey', outcome: 'note' }],
    },
  ])('$given', ({ items, acts }) => {
    expect(actsOf(items)).toMatchObject(acts);
    expect(actsOf(items)).toHaveLength(acts.length);
  });

  test('what has no end is unknown, not done', () => {
    expect(meaningOfOutcome(undefined)).toBe('unknown');
    expect(['done', 'refused', 'failed'].map((one) => meaningOfOutcome(one as 'done'))).toEqual([
      'ok',
      'notice',
      'critical',
    ]);
  });

  test('before and after, where the record says so', () => {
    expect(changeOf(actsOf([close, open])[0]!)).toEqual({
      before: '{\n  "replicas": 2\n}',
      after: '{\n  "replicas": 3\n}',
    });
    expect(changeOf(actsOf([close])[0]!)).toBeUndefined();
  });
});

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
