// Acts of the audit log: opens joined with their ends, nothing taken for done that has no end, ids with the names of today.
import { describe, expect, test } from 'vitest';
import { actsOf, changeOf, meaningOfOutcome, withNames } from '../../../../web/console/values/audit-acts.ts';
import { close, item, open } from '../audit-items.ts';

describe('acts', () => {
  test.each([
    { given: 'an open with its end', items: [close, open], acts: [{ seq: 1, who: 'ada', outcome: 'done' }] },
    { given: 'an open without one', items: [open], acts: [{ seq: 1, who: 'ada', outcome: undefined }] },
    {
      given: 'a note of a refusal, which is no mere note',
      items: [item(3, { kind: 'note', outcome: 'refused' })],
      acts: [{ seq: 3, outcome: 'refused' }],
    },
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

  test('what it was done to has the names of today; the record stays as it is', () => {
    const shop = '0123456789abcdef';
    const known = { environments: new Map([[shop, 'shop']]), nodes: undefined };
    const said = (record: object, personal = {}) => {
      const [act] = actsOf([item(1, { kind: 'note', ...record }, personal)]).map((one) => withNames(one, known));
      return [act!.said, act!.place, act!.subject];
    };
    const subject = `environment/${shop}/volume/vol-a`;
    expect(said({ subject, environment: shop })).toEqual(['volume vol-a in shop', 'shop', subject]);
    expect(said({ subject: 'person/p2' }, { subjectName: 'bo' })).toEqual(['person bo', undefined, 'person/p2']);
    const container = { subject: 'container/abc', detail: { name: 'shop-web' } };
    expect(said(container)).toEqual(['container shop-web', undefined, 'container/abc']);
  });
});
