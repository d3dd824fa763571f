// What is repaired and what is left alone: nothing without our labels, nothing of an unknown deployment, nothing when nothing is recorded.
import { expect, test } from 'vitest';
import type { Service } from '../../../../web/server/engine/objects.ts';
import { plan } from '../../../../web/server/reconcile/plan.ts';
import { deployment, revision } from '../deployments/samples.ts';

function service(Name: string, labels: Record<string, string> | undefined): Service {
  return {
    ID: Name,
    Version: { Index: 1 },
    CreatedAt: '',
    UpdatedAt: '',
    Spec: { Name, Labels: labels },
  } as unknown as Service;
}
const own = (name: string, of: string) =>
  service(name, { odyssey_environment: 'e', odyssey_deployment: of, odyssey_revision: name.split('-').at(-1)! });
const recorded = { deployment: deployment(), revisions: [revision(2), revision(1)], busy: false };
const services = [
  own('shop-r1', 'shop'),
  own('shop-r2', 'shop'),
  own('lost-r1', 'lost'),
  service('theirs', { a: 'b' }),
  service('bare', undefined),
];

test('a revision that nothing wants goes; strangers and what is not ours stay', () => {
  const found = plan([recorded], services, 1_000);
  expect(found.keep.map(({ wanted }) => wanted.service)).toEqual(['shop-r2']);
  expect(found).toMatchObject({ remove: ['shop-r1'], strange: ['lost-r1'] });
});

test('an empty database removes nothing at all', () => {
  expect(plan([], services, 1_000)).toEqual({ keep: [], remove: [], strange: ['shop-r1', 'shop-r2', 'lost-r1'] });
});

test.each([
  { given: 'an operation at work', change: { busy: true } },
  { given: 'its removal under way', change: { deployment: deployment({ removing: true }) } },
])('with $given it is left to that', ({ change }) => {
  expect(plan([{ ...recorded, ...change }], services, 1_000)).toMatchObject({ keep: [], remove: [] });
});
