// What should be on the engine and in HAProxy, from the records alone; and what may be forgotten.
import { describe, expect, test } from 'vitest';
import {
  candidateOf,
  placesFor,
  prunable,
  wantedRoute,
  wantedServices,
  warmUntil,
} from '../../../../web/server/deployments/wanted.ts';
import { deployment, revision, spec } from './samples.ts';

const names = (services: { service: string; replicas: number }[]) =>
  services.map(({ service, replicas }) => `${service} ${replicas}`);

describe('services', () => {
  test.each([
    {
      given: 'the stable one',
      change: {},
      revisions: [revision(2), revision(1)],
      candidate: undefined,
      services: ['shop-r2 3'],
    },
    {
      given: 'one that drains stays strong',
      change: {},
      revisions: [revision(2), revision(1, { warmUntil: 4_595 })],
      candidate: undefined,
      services: ['shop-r2 3', 'shop-r1 3'],
    },
    {
      given: 'then one replica stays warm',
      change: {},
      revisions: [revision(2), revision(1, { warmUntil: 2_000 })],
      candidate: undefined,
      services: ['shop-r2 3', 'shop-r1 1'],
    },
    {
      given: 'then none',
      change: {},
      revisions: [revision(2), revision(1, { warmUntil: 999 })],
      candidate: undefined,
      services: ['shop-r2 3'],
    },
    {
      given: 'a candidate beside it',
      change: {},
      revisions: [revision(3), revision(2)],
      candidate: 3,
      services: ['shop-r3 3', 'shop-r2 3'],
    },
    {
      given: 'stopped: nothing is warm',
      change: { stopped: true },
      revisions: [revision(2), revision(1, { warmUntil: 2_000 })],
      candidate: undefined,
      services: ['shop-r2 0'],
    },
    {
      given: 'removed: nothing',
      change: { removing: true },
      revisions: [revision(2)],
      candidate: undefined,
      services: [],
    },
    {
      given: 'with a volume one service for both',
      change: {},
      revisions: [revision(3, { service: 'shop-r1' }), revision(2, { service: 'shop-r1' })],
      candidate: 3,
      services: ['shop-r1 3'],
    },
  ])('$given', ({ change, revisions, candidate, services }) => {
    expect(names(wantedServices(deployment(change), revisions, 1_000, candidate))).toEqual(services);
  });
});

test('a route names every revision that has a service, and sends nothing to a candidate', () => {
  const route = wantedRoute(deployment(), [revision(3), revision(2), revision(1, { warmUntil: 2_000 })], 1_000, 3)!;
  expect(route).toMatchObject({ network: 'env-e', stable: 'r2', port: 8080, hosts: ['shop.test'] });
  expect(route.revisions.map(({ revision: name }) => name)).toEqual(['r1', 'r2', 'r3']);
});

test('while the port changes, each revision is reached where it listens', () => {
  const moved = revision(3, { spec: spec({ port: 9090 }) });
  const { revisions } = wantedRoute(deployment(), [moved, revision(2)], 1_000, 3)!;
  expect(revisions.map(({ listens }) => listens?.port)).toEqual([8080, 9090]);
});

test('how many shall answer is what was asked for, and none while it is stopped', () => {
  const { replicas } = deployment().settings;
  expect(wantedRoute(deployment(), [revision(2)], 1_000)!.replicas).toBe(replicas);
  expect(wantedRoute(deployment({ stopped: true }), [revision(2)], 1_000)!.replicas).toBe(0);
});

test('without a port there is no route', () => {
  expect(wantedRoute(deployment(), [revision(2, { spec: spec({ port: undefined }) })], 1_000)).toBeUndefined();
});

test.each([
  { kind: 'update', result: 'pending', number: 3 },
  { kind: 'update', result: 'rolled-back', number: undefined },
  { kind: 'rollback', result: 'done', number: 3 },
  { kind: 'scale', result: 'done', number: undefined },
] as const)('an operation $kind of a revision $result brings up $number', ({ kind, result, number }) => {
  expect(candidateOf({ kind, revision: 3 }, [revision(3, { result })])).toBe(number);
});

test('places grow in steps with room for twice the replicas', () => {
  expect([1, 4, 5, 40, 250].map(placesFor)).toEqual([8, 8, 16, 128, 250]);
});

test('who drains is kept for a moment even when nothing shall stay warm', () => {
  const settings = { ...deployment().settings, warmSeconds: 0 };
  expect(warmUntil(deployment({ settings }), 1_000)).toBe(1_010);
});

test('exactly so many good revisions are kept, and never one that is needed', () => {
  const revisions = [
    revision(7, { result: 'rolled-back' }),
    revision(6),
    revision(5),
    revision(4, { warmUntil: 2_000 }),
    revision(3),
    revision(2),
    revision(1),
  ];
  const going = prunable(deployment({ stable: 2, previous: 1 }), revisions, 1_000);
  expect(going.map(({ number }) => number)).toEqual([7, 3]);
});
