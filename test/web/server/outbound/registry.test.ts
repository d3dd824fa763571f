// Registries that the engine may be sent to: none in this machine that nobody listed, and no cloud's metadata at all.
import { describe, expect, test } from 'vitest';
import { refuseRegistry } from '../../../../web/server/outbound/registry.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'registry.example': ['203.0.113.7'],
  'inside.example': ['203.0.113.7', '127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
};
const ask = (registry: string, listed: readonly string[] = []) =>
  refuseRegistry(registry, {
    isListed: (one) => listed.includes(one),
    resolve: async (host) => names[host] ?? Promise.reject(new Error('no such host')),
  });

describe('is refused', () => {
  test.each([
    '127.0.0.1:5000',
    '127.0.0.1',
    '169.254.7.7:5000',
    '169.254.169.254',
    '0.0.0.0:5000',
    'inside.example',
    'inside.example:5000',
    'metadata.example',
  ])('%s', async (registry) => {
    expect(await ask(registry)).toMatch(/ is (loopback|link-local|metadata|unspecified)/);
  });

  test('a metadata service even where it is listed', async () => {
    expect(await ask('169.254.169.254', ['169.254.169.254'])).toMatch(/calls never go there/);
  });

  test('another port than the one that is listed', async () => {
    expect(await ask('127.0.0.1:9090', ['127.0.0.1:5000'])).toMatch(/loopback/);
  });

  test('localhost, by the resolver of this machine', async () => {
    expect(await refuseRegistry('localhost:5000', { isListed: () => false })).toMatch(/loopback/);
  });
});

test.each([
  { registry: 'registry.example', listed: [] },
  { registry: '10.0.0.9:5000', listed: [] },
  { registry: '127.0.0.1:5000', listed: ['127.0.0.1:5000'] },
  { registry: 'inside.example:5000', listed: ['inside.example:5000'] },
  { registry: 'unknown.example', listed: [] },
])('is not refused: $registry', async ({ registry, listed }) => {
  expect(await ask(registry, listed)).toBeUndefined();
});
