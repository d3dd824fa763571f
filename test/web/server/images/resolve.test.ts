// References to images, and what they are resolved to: never a tag, with reasons that say what to do.
import { describe, expect, test } from 'vitest';
import { explainPull, parseReference, pinOf } from '../../../../web/server/images/reference.ts';
import { resolveImage } from '../../../../web/server/images/resolve.ts';
import { fakeEngine } from '../../../fakes/engine.ts';

const id = (letter: string) => `sha256:${letter.repeat(64)}`;

test.each([
  { reference: 'shop', registry: 'docker.io', name: 'shop', tag: undefined },
  { reference: 'shop:1.4', registry: 'docker.io', name: 'shop', tag: '1.4' },
  { reference: 'team/shop:1', registry: 'docker.io', name: 'team/shop', tag: '1' },
  { reference: 'registry.example/shop', registry: 'registry.example', name: 'registry.example/shop', tag: undefined },
  { reference: 'Inside/shop', registry: 'Inside', name: 'Inside/shop', tag: undefined },
  { reference: 'localhost:5000/a/shop:2', registry: 'localhost:5000', name: 'localhost:5000/a/shop', tag: '2' },
])('$reference', ({ reference, ...parts }) => {
  expect(parseReference(reference)).toMatchObject(parts);
});

test('a pin is the digest of its own repository, else the id', () => {
  const image = { Id: id('a'), RepoDigests: [`other.example/shop@${id('b')}`, `registry.example/shop@${id('c')}`] };
  expect(pinOf('registry.example/shop:1', image)).toBe(`registry.example/shop@${id('c')}`);
  expect(pinOf('shop:1', image)).toBe(id('a'));
  expect(pinOf(`shop@${id('d')}`, image)).toBe(`shop@${id('d')}`);
});

test.each([
  { message: 'unauthorized: authentication required', says: /Give credentials for registry.example/ },
  { message: 'manifest unknown: manifest unknown', says: /There is no image/ },
  { message: 'dial tcp: lookup registry.example: no such host', says: /cannot be reached/ },
])('"$message" is told in words', ({ message, says }) => {
  expect(explainPull('registry.example/shop:1', message)).toMatch(says);
});

describe('is resolved', () => {
  const reference = 'registry.example/shop:1';
  const pulled = { Id: id('a'), RepoDigests: [`registry.example/shop@${id('c')}`], Size: 1 };
  const resolve = (engine: ReturnType<typeof fakeEngine>, image = reference, told: unknown[] = [], refusal?: string) =>
    resolveImage(
      { engine, credentials: () => undefined, refuseRegistry: async () => refusal, monotonicSeconds: () => 0 },
      image,
      (one) => told.push(one),
      new AbortController().signal,
    );

  test('by a pull, whose progress is told', async () => {
    const engine = fakeEngine();
    const lines = [
      { id: 'l1', status: 'Downloading', progressDetail: { current: 5, total: 10 } },
      { id: 'l1', status: 'Pull complete' },
    ];
    engine.pulls = { lines, brings: pulled };
    const told: unknown[] = [];
    expect(await resolve(engine, reference, told)).toMatchObject({
      kind: 'resolved',
      pinned: `registry.example/shop@${id('c')}`,
    });
    expect(told.at(-1)).toMatchObject({ current: 10, total: 10 });
  });

  test('without a pull where it was built here', async () => {
    const engine = fakeEngine();
    engine.known.set('app:1', { Id: id('b'), RepoDigests: [], Size: 1 });
    expect(await resolve(engine, 'app:1')).toMatchObject({ pinned: id('b'), warning: /no registry/ });
  });

  test('without the engine being sent to a registry inside this machine', async () => {
    const engine = fakeEngine();
    engine.pulls = { lines: [], brings: pulled };
    expect(await resolve(engine, reference, [], '127.0.0.1 is loopback')).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(/127\.0\.0\.1 is loopback\. Give credentials for registry\.example/),
    });
    expect(engine.known.has(reference)).toBe(false);
  });

  test('to what is here when the registry is away, and says so', async () => {
    const engine = fakeEngine();
    engine.known.set(reference, pulled);
    engine.pulls = { lines: [{ error: 'dial tcp: connection refused' }] };
    expect(await resolve(engine)).toMatchObject({ kind: 'resolved', warning: /on this host already/ });
  });

  test.each([
    {
      given: 'a registry that says no',
      error: 'unauthorized: authentication required',
      known: true,
      says: /credentials/,
    },
    { given: 'an image that is nowhere', error: 'manifest unknown', known: false, says: /There is no image/ },
  ])('not with $given', async ({ error, known, says }) => {
    const engine = fakeEngine();
    if (known) engine.known.set(reference, pulled);
    engine.pulls = { lines: [{ error }] };
    expect(await resolve(engine)).toEqual({ kind: 'failed', reason: expect.stringMatching(says) });
  });
});
