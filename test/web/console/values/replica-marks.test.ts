// Marks of replicas: the same for the same name, and different for the replicas of one revision.
import { expect, test } from 'vitest';
import { markOf, shownReplica } from '../../../../web/console/values/replica-marks.ts';

const said = (replica: string) => JSON.stringify(markOf(replica));

test('follow from the name alone', () => {
  expect(said('shop-r12.3')).toBe(said('shop-r12.3'));
  const { colour, shape } = markOf('a-container');
  expect([colour >= 1 && colour <= 8, ['dot', 'square', 'triangle', 'diamond'].includes(shape)]).toEqual([true, true]);
});

test('32 replicas of a revision all differ; neighbours differ in colour and in shape', () => {
  const replicas = Array.from({ length: 32 }, (_, slot) => `shop-r12.${slot + 1}`);
  expect(new Set(replicas.map(said)).size).toBe(32);
  for (const [at, replica] of replicas.slice(1).entries()) {
    expect(markOf(replica).colour).not.toBe(markOf(replicas[at]!).colour);
    expect(markOf(replica).shape).not.toBe(markOf(replicas[at]!).shape);
  }
});

test('services are spread over the marks', () => {
  expect(new Set(Array.from({ length: 40 }, (_, at) => said(`service${at}-r1.1`))).size).toBeGreaterThan(15);
});

test('of a long name the end is shown, where revision and slot stand', () => {
  expect(shownReplica('shop-r12.3', 24)).toBe('shop-r12.3');
  expect(shownReplica(`${'x'.repeat(40)}-r12.3`, 24)).toBe(`…${'x'.repeat(17)}-r12.3`);
});
